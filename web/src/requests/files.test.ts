import { describe, expect, it } from "vitest";
import { pieces } from "../ui/hidden";
import { beginning, FIRST, textOf } from "./files";

const bytes = (text: string) => new TextEncoder().encode(text).buffer as ArrayBuffer;

describe("the content of a file", () => {
  it("keeps what hides in it, so that it is named", () => {
    const text = textOf(bytes("\ufeffa\r\nb\rc\u202e\u001b[2J"));
    expect(text).toBe("\ufeffa\nb\rc\u202e\u001b[2J");
    const hidden = pieces(text, "many").filter((piece) => piece.hidden);
    expect(hidden.map((piece) => piece.text)).toEqual(["U+FEFF", "U+000D", "U+202E", "U+001B"]);
  });

  it("is cut between characters, and not if it is short", () => {
    expect(beginning("short")).toBe("short");
    expect(beginning("x".repeat(FIRST + 1))).toHaveLength(FIRST);
    const halved = `${"x".repeat(FIRST - 1)}\u{1f600}`;
    expect(beginning(halved)).toBe("x".repeat(FIRST - 1));
  });
});
