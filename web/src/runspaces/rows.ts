/** One line of an answer: fields by name. */
export type Row = Record<string, unknown>;

/** The rows of an answer in lines of JSON; null where it is anything else, which is then shown as it is. */
export function rowsOf(text: string): Row[] | null {
  const rows: Row[] = [];
  for (const line of text.split("\n")) {
    if (line.trim() === "") continue;
    const row = read(line);
    if (row === null) return null;
    rows.push(row);
  }
  return rows.length === 0 ? null : rows;
}

function read(line: string): Row | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Row) : null;
  } catch {
    return null;
  }
}

/** All fields of all rows, in the order in which they first appear. */
export function fieldsOf(rows: Row[]): string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))];
}
