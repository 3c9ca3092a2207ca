import { bytesOf, lines } from "../executions/output";

/** Offers at most; a list that is longer is searched in its task's own output. */
const MOST = 500;

/** The first value of a line: of an object or a list its first member, of a table with tabs its first cell. */
function firstOf(line: string): string | null {
  const trimmed = line.trim();
  if (trimmed === "") return null;
  if (trimmed.startsWith("{") || trimmed.startsWith("[")) {
    try {
      const [first] = Object.values(JSON.parse(trimmed) as Record<string, unknown>);
      return typeof first === "string" || typeof first === "number" ? String(first) : null;
    } catch {
      return null;
    }
  }
  return trimmed.split("\t", 1)[0]?.trim() ?? null;
}

/** What a picker's output offers: one value a line, each once. */
export function picked(output: string): string[] {
  const found = new Set<string>();
  for (const line of output.split("\n")) {
    const value = firstOf(line);
    if (value) found.add(value);
    if (found.size === MOST) break;
  }
  return [...found];
}

/** The standard output of a run, once it has ended; null where it did not succeed. */
export async function outputOf(id: string, signal: AbortSignal): Promise<string | null> {
  const answer = await fetch(`/api/v1/executions/${encodeURIComponent(id)}/output?follow=true`, { signal });
  if (!answer.ok || !answer.body) return null;
  const decoder = new TextDecoder();
  let text = "";
  let outcome: string | null | undefined = null;
  for await (const line of lines(answer.body)) {
    if (line.stream === "stdout" && line.data !== undefined)
      text += decoder.decode(bytesOf(line.data), { stream: true });
    if (line.outcome !== undefined) outcome = line.outcome;
  }
  return outcome === "succeeded" ? text : null;
}
