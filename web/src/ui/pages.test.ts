import { describe, expect, it } from "vitest";
import { drawn, heightOf, type Known, learn, NOTHING_KNOWN } from "./pages";

const known = (cursors: (string | null)[], heights: number[] = []): Known => ({ cursors, heights });

describe("a long list", () => {
  it("learns where its next page begins from the page before", () => {
    expect(learn(NOTHING_KNOWN, 0, "a").cursors).toEqual([null, "a"]);
    expect(learn(known([null, "a"]), 1, null).cursors).toEqual([null, "a"]);
  });
  it("keeps what it knows where nothing changed", () => {
    const before = known([null, "a", "b"], [1, 2, 3]);
    expect(learn(before, 0, "a")).toBe(before);
  });
  it("learns anew what follows something new, so that no row is left out", () => {
    expect(learn(known([null, "a", "b"], [1, 2, 3]), 0, "z")).toEqual(known([null, "z"], [1]));
  });
  it("ends where a page says so", () => {
    expect(learn(known([null, "a", "b"], [1, 2, 3]), 0, null)).toEqual(known([null], [1]));
  });

  const many = known(
    [null, ...Array.from({ length: 2_499 }, (_, page) => String(page))],
    Array(2_500).fill(1_000),
  );
  it("draws what touches the screen", () => {
    expect(drawn(many, -200, 1_400, 5)).toEqual({ first: 0, last: 1 });
    expect(drawn(many, 1_200_500, 1_202_100, 5)).toEqual({ first: 1_200, last: 1_202 });
  });
  it("draws its last page where one scrolled past the end", () => {
    expect(drawn(many, 9_000_000, 9_001_000, 5)).toEqual({ first: 2_499, last: 2_499 });
  });
  it("never draws more than it may, however high the screen is", () => {
    expect(drawn(many, 0, 100_000, 5)).toEqual({ first: 0, last: 4 });
  });
  it("leaves the room of what it does not draw", () => {
    expect(heightOf(many, 0, 1_200)).toBe(1_200_000);
    expect(heightOf(known([null, "a"], [500]), 0, 2)).toBe(500);
  });
});
