/**
 * What programs print, as text that is safe to show: sequences that move a terminal's cursor or colour its text are
 * left out, a carriage return overwrites its line as it would on a terminal, and every other control character stays
 * in the text, where it is shown by name.
 */
export class Terminal {
  private text = "";
  /** A sequence that is not complete yet. */
  private held = "";

  constructor(private readonly most: number) {}

  /** Whether the beginning was dropped. */
  cut = false;

  write(chunk: string): void {
    const [clean, held] = withoutSequences(this.held + chunk);
    this.held = held;
    this.text = overwritten(this.text + clean);
    if (this.text.length > this.most) {
      const from = this.text.indexOf("\n", this.text.length - this.most) + 1;
      this.text = this.text.slice(from > 0 ? from : -this.most);
      this.cut = true;
    }
  }

  shown(): string {
    return this.text;
  }
}

const ESC = "\u001b";
/** CSI (ECMA-48 section 5.4), OSC up to its end, and two-character escapes. */
const SEQUENCE = new RegExp(
  `${ESC}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007${ESC}]*(?:\\u0007|${ESC}\\\\)|[@-Z\\\\^_=>78()])`,
  "g",
);
const LONGEST = 4_096;

function withoutSequences(text: string): [string, string] {
  const clean = text.replace(SEQUENCE, "");
  const open = clean.lastIndexOf(ESC);
  // An escape at the end may be the beginning of a sequence whose rest comes with the next chunk.
  if (open === -1 || clean.length - open > LONGEST || clean.indexOf("\n", open) !== -1) return [clean, ""];
  return [clean.slice(0, open), clean.slice(open)];
}

function overwritten(text: string): string {
  const lines = text.replaceAll("\r\n", "\n");
  if (!lines.includes("\r")) return lines;
  return lines
    .split("\n")
    .map((line) => {
      // A return at the very end waits for what comes.
      const ends = line.endsWith("\r");
      const body = ends ? line.slice(0, -1) : line;
      return body.slice(body.lastIndexOf("\r") + 1) + (ends ? "\r" : "");
    })
    .join("\n");
}
