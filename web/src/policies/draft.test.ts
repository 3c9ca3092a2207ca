import { describe, expect, it } from "vitest";
import { EMPTY, faultsOf, fromTerms, valuesOf } from "./draft";

const task = { ...EMPTY, targets: ["Host\\Restart"] };

describe("a policy's draft", () => {
  it("becomes the values of the task that makes it", () => {
    expect(valuesOf({ ...task, stages: [{ group: "Managers", seats: "2" }] }, null, null)).toEqual({
      Task: "Host\\Restart",
      ApprovalType: "Manual",
      ApproverGroup: "Managers",
      Approvers: 2,
      MinimumAssurance: "SecondFactor",
      MaximumDurationHours: 8,
    });
  });
  it("names several tasks in one act", () => {
    const values = valuesOf({ ...task, targets: ["Host\\A", "Host\\B"] }, null, null);
    expect(values.Tasks).toEqual(["Host\\A", "Host\\B"]);
    expect(values.Task).toBeUndefined();
  });
  it("writes stages in order, the default group by its name", () => {
    const stages = [
      { group: "", seats: "1" },
      { group: "Owners", seats: "2" },
    ];
    const values = valuesOf({ ...task, stages }, null, "Approvers");
    expect(values.Stages).toEqual(["Approvers:1", "Owners:2"]);
    expect(values.ApproverGroup).toBeUndefined();
  });
  it("asks for nothing of approvers where there are none", () => {
    const values = valuesOf({ ...task, approval: "Auto" }, null, null);
    expect(Object.keys(values).sort()).toEqual(["ApprovalType", "MaximumDurationHours", "Task"]);
  });
  it("changes by identity and never moves to another target", () => {
    expect(valuesOf(task, "pol-1", null)).toMatchObject({ Identity: "pol-1" });
    expect(valuesOf(task, "pol-1", null).Task).toBeUndefined();
  });
  it("names what is missing or out of range", () => {
    expect(faultsOf(EMPTY)).toEqual({ targets: "required" });
    expect(faultsOf({ ...task, hours: "721", uses: "x", requesters: "group" })).toEqual({
      hours: "range",
      uses: "integer",
      requesterGroup: "required",
    });
    expect(faultsOf({ ...task, stages: [{ group: "", seats: "0" }] })).toEqual({ stages: "range" });
    expect(faultsOf(task)).toEqual({});
  });
  it("is what existing terms say", () => {
    const terms = {
      target: { type: "Role", name: "Host\\Operator" },
      approval: { Manual: { stages: [{ approvers: { Group: "g-1" }, seats: 2 }] } },
      requesters: { Group: "g-2" },
      limits: { max_duration: 5 * 3_600_000_000, max_uses: 3, parallel: 2 },
      bind: ["Path"],
      ticket: "CHG-*",
      assurance: "Session",
      freshness: 300_000_000,
      windows: [{ zone: "Europe/Berlin", days: ["mon"], from: "08:00", until: "18:00" }],
      approve_for_less: true,
    };
    const draft = fromTerms(terms as never, (id) => `name of ${id}`);
    expect(draft).toMatchObject({
      type: "Role",
      stages: [{ group: "name of g-1", seats: "2" }],
      requesters: "group",
      requesterGroup: "name of g-2",
      hours: "5",
      uses: "3",
      parallel: "2",
      freshness: "5",
    });
    expect(valuesOf(draft, "pol-1", null)).toMatchObject({
      Identity: "pol-1",
      BindParameters: ["Path"],
      TicketPattern: "CHG-*",
    });
  });
});
