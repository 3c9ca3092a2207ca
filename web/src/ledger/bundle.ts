/** Entries in a bundle; so many are in each but the last. */
export const WIDTH = 256;

/** Where a bundle is: `entries/x001/234`, the last one with its width behind it. */
export function bundlePath(index: number, width: number): string {
  const groups = [index % 1000];
  for (let rest = Math.floor(index / 1000); rest > 0; rest = Math.floor(rest / 1000))
    groups.push(rest % 1000);
  const three = (group: number) => String(group).padStart(3, "0");
  const path = groups
    .reverse()
    .map((group, at) => (at < groups.length - 1 ? `x${three(group)}` : three(group)))
    .join("/");
  return `entries/${path}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** The entries of a bundle, each after its length of two bytes; null if the bytes are not exactly that. */
export function entriesOf(bytes: Uint8Array): Uint8Array[] | null {
  const found: Uint8Array[] = [];
  let at = 0;
  while (at < bytes.length) {
    const high = bytes[at];
    const low = bytes[at + 1];
    if (high === undefined || low === undefined) return null;
    const end = at + 2 + high * 256 + low;
    if (end > bytes.length) return null;
    found.push(bytes.subarray(at + 2, end));
    at = end;
  }
  return found;
}
