import { describe, expect, it } from "vitest";
import type { GroupLine, PersonLine, PolicyLine } from "../api/shapes";
import { done, next } from "./steps";

const person = (enabled: boolean) => ({ enabled }) as PersonLine;
const group = (people: number) => ({ people }) as GroupLine;

describe("the set-up checklist", () => {
  it("begins with the second factor", () => {
    expect(next(done({ secondFactor: false, people: [], groups: [], policies: [] }))).toBe("secondFactor");
  });
  it("wants two enabled people", () => {
    const known = { secondFactor: true, people: [person(true), person(false)], groups: [], policies: [] };
    expect(next(done(known))).toBe("people");
  });
  it("wants a group of two", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(true)],
      groups: [group(1)],
      policies: [],
    };
    expect(next(done(known))).toBe("group");
  });
  it("ends with enabling", () => {
    const known = {
      secondFactor: true,
      people: [person(true), person(true)],
      groups: [group(2)],
      policies: [{} as PolicyLine],
    };
    expect(next(done(known))).toBe("enable");
  });
});
