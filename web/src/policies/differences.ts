/** A clause of a policy, and whether a version brought or took it. */
export interface Clause {
  text: string;
  how: "kept" | "added" | "removed";
}

/** What a version's clauses are, next to those of the one before: what went stands where it stood. */
export function differences(before: readonly string[], after: readonly string[]): Clause[] {
  const found: Clause[] = [];
  let next = 0;
  for (const text of after) {
    const at = before.indexOf(text, next);
    if (at >= 0) {
      for (const gone of before.slice(next, at)) found.push({ text: gone, how: "removed" });
      next = at + 1;
    }
    found.push({ text, how: at >= 0 ? "kept" : "added" });
  }
  for (const gone of before.slice(next)) found.push({ text: gone, how: "removed" });
  return found;
}
