import { describe, expect, it } from "vitest";
import { pieces, visible } from "./hidden";

describe("hidden characters", () => {
  const cases: [string, string, string][] = [
    ["plain text stays", "Grüße, 日本 👍", "Grüße, 日本 👍"],
    ["a change of direction", "admin\u202egnp", "admin[U+202E]gnp"],
    ["an isolate", "\u2066x\u2069", "[U+2066]x[U+2069]"],
    ["a zero-width space", "pay\u200bload", "pay[U+200B]load"],
    ["a byte order mark", "\ufeffx", "[U+FEFF]x"],
    ["a soft hyphen", "a\u00adb", "a[U+00AD]b"],
    ["a control character", "a\u0007b\u001b[31m", "a[U+0007]b[U+001B][31m"],
    ["a no-break space", "a\u00a0b", "a[U+00A0]b"],
    ["a tag character", "x\u{e0041}", "x[U+E0041]"],
    ["a Hangul filler", "\u3164", "[U+3164]"],
    ["a line break in a single line", "a\nb", "a[U+000A]b"],
    ["half of a pair", "a\ud800b", "a[U+D800]b"],
  ];
  for (const [name, text, shown] of cases) {
    it(name, () => expect(visible(text)).toBe(shown));
  }

  it("keeps line feeds and tabs where several lines are shown, and no carriage return", () => {
    const shown = pieces("a\n\tb\rc", "many");
    expect(shown).toEqual([
      { text: "a\n\tb", hidden: false },
      { text: "U+000D", hidden: true },
      { text: "c", hidden: false },
    ]);
  });
});
