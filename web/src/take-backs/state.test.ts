import { describe, expect, it } from "vitest";
import { stateOf } from "./state";

const LATER = "2026-11-22T22:05:00Z";

describe("what ends with its access", () => {
  it("stays while the access lives", () =>
    expect(stateOf({ overdue: false, tries: 0, next: null })).toBe("later"));
  it("is taken back at once where its run failed", () =>
    expect(stateOf({ overdue: false, tries: 0, next: LATER })).toBe("waits"));
  it("is being taken back once the access is over", () =>
    expect(stateOf({ overdue: true, tries: 0, next: null })).toBe("now"));
  it("says that a try failed, also during the next one", () => {
    expect(stateOf({ overdue: true, tries: 3, next: LATER })).toBe("retrying");
    expect(stateOf({ overdue: true, tries: 3, next: null })).toBe("retrying");
  });
});
