import { describe, expect, it } from "vitest";
import description from "../../../docs/openapi.json";
import { type Schema, variants } from "../../scripts/variants";
import type { PolicyTerms } from "../api/shapes";
import { EMPTY, faultsOf, fromTerms, secondsOf, valuesOf } from "./draft";

const task = { ...EMPTY, targets: ["Host\\Restart"] };

describe("a policy's draft", () => {
  it("becomes the values of the task that makes it", () => {
    expect(valuesOf({ ...task, stages: [{ group: "Managers", seats: "2" }] }, null)).toEqual({
      Task: "Host\\Restart",
      ApprovalType: "Manual",
      ApproverGroup: "Managers",
      Approvers: 2,
      MinimumAssurance: "SecondFactor",
      MaximumDuration: "28800s",
    });
  });
  it("names several tasks in one act", () => {
    const values = valuesOf({ ...task, targets: ["Host\\A", "Host\\B"] }, null);
    expect(values.Tasks).toEqual(["Host\\A", "Host\\B"]);
    expect(values.Task).toBeUndefined();
  });
  it("writes stages in order, the default group as whatever it will be", () => {
    const stages = [
      { group: "", seats: "1" },
      { group: "Owners", seats: "2" },
    ];
    const values = valuesOf({ ...task, stages }, null);
    expect(values.Stages).toEqual(["(default):1", "Owners:2"]);
    expect(values.ApproverGroup).toBeUndefined();
  });
  it("asks for nothing of approvers where there are none", () => {
    const values = valuesOf({ ...task, approval: "Auto", assurance: "Session" }, null);
    expect(Object.keys(values).sort()).toEqual(["ApprovalType", "MaximumDuration", "Task"]);
  });
  it("changes by identity and never moves to another target", () => {
    expect(valuesOf(task, "pol-1")).toMatchObject({ Identity: "pol-1" });
    expect(valuesOf(task, "pol-1").Task).toBeUndefined();
  });
  it("names what is missing or out of range", () => {
    expect(faultsOf(EMPTY)).toEqual({ targets: "required" });
    expect(faultsOf({ ...task, hours: "721", uses: "x", requesters: "group", rate: "3" })).toEqual({
      hours: "range",
      uses: "integer",
      requesterGroup: "required",
      ratePer: "required",
    });
    expect(faultsOf({ ...task, hours: "1.5", ratePer: "90m" })).toEqual({
      hours: "integer",
      rate: "required",
    });
    expect(faultsOf({ ...task, stages: [{ group: "", seats: "0" }] })).toEqual({ stages: "range" });
    expect(faultsOf(task)).toEqual({});
  });
  it("reads lengths of time as a number of units or exactly", () => {
    expect(secondsOf("8", 3_600)).toBe(28_800);
    expect(secondsOf(" 90m ", 3_600)).toBe(5_400);
    expect(secondsOf("2d", 60)).toBe(172_800);
    for (const wrong of ["", "m", "1.5", "-1", "1h30m"]) expect(secondsOf(wrong, 60), wrong).toBeNull();
  });

  const { schemas } = (description as unknown as { components: { schemas: Record<string, Schema> } })
    .components;
  const all = variants(schemas.PolicyTerms ?? {}, schemas) as PolicyTerms[];
  const written = (terms: PolicyTerms) =>
    valuesOf(
      fromTerms(terms, (id) => `name of ${id}`),
      null,
    );

  it("loses nothing of what a policy can say: other terms become other values", () => {
    const known = new Map<string, string>();
    for (const terms of all) {
      const { hours, ratePer, freshness } = faultsOf(fromTerms(terms, (id) => id));
      expect([hours, ratePer, freshness], "a length as it is typed").toEqual([
        undefined,
        undefined,
        undefined,
      ]);
      const values = JSON.stringify(written(terms));
      const same = JSON.stringify(plainly(terms));
      expect(known.get(values) ?? same, `the wizard can't tell these apart: ${values}`).toBe(same);
      known.set(values, same);
    }
    expect(known.size).toBeGreaterThan(40);
  });
  it("does not touch what a policy says that these pages do not know", () => {
    const [terms] = all;
    expect(() => written({ ...terms, unheard_of: 1 } as never)).toThrow("do not know");
    expect(() => written({ ...terms, limits: { ...terms?.limits, unheard_of: 1 } } as never)).toThrow();
  });
  it("keeps what is said of approvers where there are none", () => {
    const [terms] = all;
    expect(written({ ...terms, approval: "Auto", assurance: "Passkey" } as never)).toMatchObject({
      ApprovalType: "Auto",
      MinimumAssurance: "Passkey",
    });
  });
});

/** Terms without what says nothing: what is null, and lists of nothing. */
function plainly(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainly);
  if (typeof value !== "object" || value === null) return value;
  const said = Object.entries(value).filter(
    ([, part]) => part !== null && !(Array.isArray(part) && part.length === 0),
  );
  return Object.fromEntries(said.map(([name, part]) => [name, plainly(part)]));
}
