import { describe, expect, it } from "vitest";
import { bound, canBeAsked } from "./acts";

describe("an administrative act", () => {
  it("is asked for with exactly its values", () => {
    expect(bound({ Identity: "Approvers", Member: ["p-1"] })).toEqual({
      Identity: { equals: "Approvers" },
      Member: { equals: ["p-1"] },
    });
  });
  it("is asked for only where an approval would help", () => {
    expect(canBeAsked("authorization_required")).toBe(true);
    expect(canBeAsked("role_required")).toBe(false);
    expect(canBeAsked(undefined)).toBe(false);
  });
});
