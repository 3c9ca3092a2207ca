import { describe, expect, it } from "vitest";
import { Terminal } from "./terminal";

function shown(...chunks: string[]): string {
  const terminal = new Terminal(1_000);
  for (const chunk of chunks) terminal.write(chunk);
  return terminal.shown();
}

describe("what programs print", () => {
  const cases: [string, string[], string][] = [
    ["stays as it is", ["a\n", "b\n"], "a\nb\n"],
    ["loses its colours", ["\u001b[1;31mred\u001b[0m\n"], "red\n"],
    ["loses colours that come in two parts", ["\u001b[3", "1mred"], "red"],
    ["loses titles and links", ["\u001b]0;title\u0007x\u001b]8;;http://e\u001b\\y"], "xy"],
    ["loses cursor moves", ["\u001b[2J\u001b[Hhome"], "home"],
    ["overwrites its line", ["10%\r20%\r", "30%\n"], "30%\n"],
    ["knows lines that end with both", ["a\r\nb\r", "\nc"], "a\nb\nc"],
    ["keeps other controls for the reader to see", ["a\u0008b\u0000"], "a\u0008b\u0000"],
    ["is never markup", ["<b onclick=x>"], "<b onclick=x>"],
  ];
  for (const [name, chunks, expected] of cases) it(name, () => expect(shown(...chunks)).toBe(expected));

  it("keeps the end where there is too much", () => {
    const terminal = new Terminal(20);
    for (let line = 0; line < 50; line += 1) terminal.write(`line ${line}\n`);
    expect(terminal.cut).toBe(true);
    expect(terminal.shown().length).toBeLessThanOrEqual(20);
    expect(terminal.shown()).toMatch(/^line \d+\n/);
    expect(terminal.shown()).toContain("line 49");
  });

  it("does not hold what never becomes a sequence", () => {
    expect(shown(`\u001b]${"x".repeat(5_000)}`).length).toBeGreaterThan(900);
  });
});
