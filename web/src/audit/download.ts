import { told } from "../api/client";
import { readProblem } from "../api/problem";

/** What came so far: bytes, and lines, which are events. */
export interface Progress {
  bytes: number;
  events: number;
}

/** So many bytes are kept in memory before they are handed to the browser, which may put them on the disk. */
const HANDED_OVER = 8 << 20;
const LINE_FEED = 10;

/** Counts the lines that end in these bytes. */
export function lines(bytes: Uint8Array): number {
  let found = 0;
  for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) found += 1;
  return found;
}

/** Fetches a file as it is made, however large it is; tells how far it is. */
export async function fetched(
  path: string,
  type: string,
  tell: (progress: Progress) => void,
  signal: AbortSignal,
): Promise<Blob> {
  const answer = await fetch(path, { credentials: "same-origin", signal });
  if (!answer.ok || !answer.body)
    throw told(readProblem(answer.status, await answer.json().catch(() => undefined)));
  const reader = answer.body.getReader();
  const done: Blob[] = [];
  let held: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const progress = { bytes: 0, events: 0 };
  for (;;) {
    // A transfer that breaks off throws here: nobody takes a part for the whole.
    const { done: over, value } = await reader.read();
    if (over) break;
    held.push(value);
    size += value.length;
    progress.bytes += value.length;
    progress.events += lines(value);
    tell({ ...progress });
    if (size >= HANDED_OVER) {
      done.push(new Blob(held));
      held = [];
      size = 0;
    }
  }
  return new Blob([...done, ...held], { type });
}

/** Gives the person a file. */
export function save(blob: Blob, name: string): void {
  const address = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = address;
  link.download = name;
  link.click();
  // The browser has to have begun with it.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
