import { describe, expect, it } from "vitest";
import type { GroupLine, PersonLine, PolicyLine, TaskLine } from "../api/shapes";
import { done, next } from "./steps";

const person = (enabled: boolean) => ({ enabled }) as PersonLine;
const group = (people: number) => ({ people }) as GroupLine;
const task = (workload: string) => ({ workload }) as TaskLine;

describe("the set-up checklist", () => {
  it("begins with the second factor", () => {
    expect(next(done({ secondFactor: false, people: [], groups: [], tasks: [], policies: [] }))).toBe(
      "secondFactor",
    );
  });
  it("wants two enabled people", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(false)],
      groups: [],
      tasks: [],
      policies: [],
    };
    expect(next(done(known))).toBe("people");
  });
  it("wants a group of two", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(true)],
      groups: [group(1)],
      tasks: [],
      policies: [],
    };
    expect(next(done(known))).toBe("group");
  });
  it("wants a task on a target, not only Countersign's own", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(true)],
      groups: [group(2)],
      tasks: [task("Countersign")],
      policies: [],
    };
    expect(next(done(known))).toBe("tasks");
    expect(next(done({ ...known, tasks: [task("Host")] }))).toBe("policy");
  });
  it("ends with enabling", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(true)],
      groups: [group(2)],
      tasks: [task("Countersign"), task("Host")],
      policies: [{} as PolicyLine],
    };
    expect(next(done(known))).toBe("enable");
  });
});
