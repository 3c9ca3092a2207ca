import { describe, expect, it } from "vitest";
import { brushed, covered, summary } from "./bins";

const bars = ["10", "11", "12"].map((hour, index) => ({ from: `2026-11-22T${hour}:00:00Z`, events: index }));

describe("the audit log's histogram", () => {
  it("is brushed in whole bars, in either direction, never beyond its ends", () => {
    expect(brushed(0, 100, 300, 3)).toEqual({ first: 0, last: 1 });
    expect(brushed(250, 10, 300, 3)).toEqual({ first: 0, last: 2 });
    expect(brushed(-50, 900, 300, 3)).toEqual({ first: 0, last: 2 });
  });
  it("covers up to the next bar's begin", () => {
    const { from, to } = covered(bars, "2026-11-22T13:00:00Z", { first: 1, last: 2 });
    expect([from.toISOString(), to.toISOString()]).toEqual([
      "2026-11-22T11:00:00.000Z",
      "2026-11-22T13:00:00.000Z",
    ]);
  });
  it("says how many there are, and when most", () => {
    expect(summary(bars)).toEqual({ events: 3, most: bars[2] });
    expect(summary([])).toEqual({ events: 0, most: null });
  });
});
