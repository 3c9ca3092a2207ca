import { describe, expect, it } from "vitest";
import { ceiling, durations, usual } from "./durations";

describe("durations", () => {
  it("end with the ceiling", () => {
    expect(durations(7_200)).toEqual([900, 1_800, 3_600, 7_200]);
    expect(durations(5_400).at(-1)).toBe(5_400);
  });
  it("are four hours unless that is too long", () => {
    expect(usual(86_400)).toBe(14_400);
    expect(usual(3_600)).toBe(3_600);
  });
  it("follow the narrower ceiling", () => {
    expect(ceiling(86_400, undefined)).toBe(86_400);
    expect(ceiling(86_400, 7_200_000_000)).toBe(7_200);
    expect(ceiling(3_600, 7_200_000_000)).toBe(3_600);
  });
});
