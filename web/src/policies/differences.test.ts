import { describe, expect, it } from "vitest";
import { differences } from "./differences";

const shown = (before: string[], after: string[]) =>
  differences(before, after).map(({ text, how }) => ({ kept: "", added: "+", removed: "-" })[how] + text);

describe("what differs between two versions", () => {
  it("keeps what stands in both", () => {
    expect(shown(["a", "b"], ["a", "b"])).toEqual(["a", "b"]);
  });
  it("shows what went where it stood", () => {
    expect(shown(["a", "b", "c"], ["a", "c"])).toEqual(["a", "-b", "c"]);
    expect(shown(["a"], ["a", "b"])).toEqual(["a", "+b"]);
    expect(shown(["at most 4 h"], ["at most 8 h"])).toEqual(["+at most 8 h", "-at most 4 h"]);
  });
  it("has nothing before the first", () => {
    expect(shown([], ["a"])).toEqual(["+a"]);
  });
});
