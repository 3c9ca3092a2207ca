import { describe, expect, it } from "vitest";
import { lines } from "./download";

const bytes = (text: string) => new TextEncoder().encode(text);

describe("an export's progress", () => {
  it("counts whole lines, wherever the pieces are cut", () => {
    expect(lines(bytes(""))).toBe(0);
    expect(lines(bytes("a\nb"))).toBe(1);
    expect(lines(bytes("\n\n"))).toBe(2);
    expect(lines(bytes("ä".repeat(9)))).toBe(0);
  });
});
