import { describe, expect, it } from "vitest";
import { changedValues, type SettingsDraft } from "./settings";

const before: SettingsDraft = {
  group: "Approvers",
  unprotected: "RoleHoldersRun",
  factor: "Required",
  longest: "24",
  pending: "24",
  each: "20",
  retention: "90",
};

describe("a change of settings", () => {
  it("asks for what differs and nothing else", () => {
    expect(changedValues(before, { ...before, longest: "8", factor: "NotRequired" })).toEqual({
      SecondFactor: "NotRequired",
      MaximumDurationHours: 8,
    });
  });
  it("is nothing while nothing differs or something is out of bounds", () => {
    expect(changedValues(before, before)).toBeNull();
    for (const longest of ["0", "169", "", "x", "1.5", "-1"])
      expect(changedValues(before, { ...before, longest })).toBeNull();
  });
});
