/** Characters that can't be seen, or that change how what follows is read. */
const HIDDEN = new RegExp(
  [
    String.raw`[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]`,
    // Joiners, fillers and variation selectors, which draw nothing, and spaces that are not the space.
    String.raw`[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffc\u{e0100}-\u{e01ef}]`,
    String.raw`(?! )\p{Zs}`,
  ].join("|"),
  "u",
);

export interface Piece {
  text: string;
  /** Set where the character is made visible instead of being shown as it is. */
  hidden: boolean;
}

export type Lines = "one" | "many";

/** Cuts a text into what is shown as it is and what is named instead. With `many`, line feeds and tabs stay. */
export function pieces(text: string, lines: Lines): Piece[] {
  const found: Piece[] = [];
  let plain = "";
  for (const char of text) {
    const layout = lines === "many" && (char === "\n" || char === "\t");
    if (layout || !HIDDEN.test(char)) {
      plain += char;
      continue;
    }
    if (plain) found.push({ text: plain, hidden: false });
    plain = "";
    found.push({ text: named(char), hidden: true });
  }
  if (plain) found.push({ text: plain, hidden: false });
  return found;
}

function named(char: string): string {
  const point = char.codePointAt(0) ?? 0;
  return `U+${point.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** The same as one plain text, for titles and labels. */
export function visible(text: string): string {
  return pieces(text, "one")
    .map((piece) => (piece.hidden ? `[${piece.text}]` : piece.text))
    .join("");
}
