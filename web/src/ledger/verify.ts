import { bundlePath, entriesOf, WIDTH } from "./bundle";
import { hex, isSigned, readCheckpoint, readKey } from "./note";
import { leafHash, Tree } from "./tree";

/** What was found. Only `intact` is good. */
export type Finding =
  | {
      found: "intact";
      size: number;
      root: string;
      kept: number | null;
      signature: "checked" | "not_checkable";
    }
  | { found: "not_a_checkpoint"; which: "head" | "kept" }
  | { found: "not_signed"; which: "head" | "kept" }
  | { found: "kept_is_longer"; size: number; kept: number }
  | { found: "other_ledger"; origin: string; kept: string }
  | { found: "kept_differs"; kept: number; root: string; expected: string }
  | { found: "root_differs"; size: number; root: string; expected: string }
  | { found: "damaged"; bundle: number };

export interface Sources {
  /** The signed head of now. */
  head: string;
  key: string;
  /** A checkpoint that was kept earlier. */
  kept: string | null;
  bundle: (path: string) => Promise<Uint8Array>;
}

/** Bundles fetched at the same time. */
const AT_ONCE = 4;

/**
 * Hashes every entry anew and compares with what was signed: that the ledger is what the server signed now, and that
 * what an earlier checkpoint covers is still in it, unchanged. Whether what the entries say was right is the command
 * line's to judge.
 */
export async function verify(
  sources: Sources,
  tell: (entries: number, of: number) => void,
  signal: AbortSignal,
): Promise<Finding> {
  const head = readCheckpoint(sources.head);
  const key = readKey(sources.key);
  if (!head || !key) return { found: "not_a_checkpoint", which: "head" };
  const signed = await isSigned(head, key);
  if (signed === false) return { found: "not_signed", which: "head" };
  const kept = sources.kept === null ? null : readCheckpoint(sources.kept);
  if (sources.kept !== null) {
    if (!kept) return { found: "not_a_checkpoint", which: "kept" };
    if (kept.origin !== head.origin) return { found: "other_ledger", origin: head.origin, kept: kept.origin };
    if ((await isSigned(kept, key)) === false) return { found: "not_signed", which: "kept" };
    if (kept.size > head.size) return { found: "kept_is_longer", size: head.size, kept: kept.size };
  }
  const tree = new Tree();
  const bundles = Math.ceil(head.size / WIDTH);
  const fetchOne = (index: number) =>
    sources.bundle(bundlePath(index, Math.min(WIDTH, head.size - index * WIDTH)));
  const ahead: Promise<Uint8Array>[] = [];
  for (let index = 0; index < bundles; index += 1) {
    signal.throwIfAborted();
    while (ahead.length < AT_ONCE && index + ahead.length < bundles) {
      const next = fetchOne(index + ahead.length);
      // Its failure is told when its turn comes.
      next.catch(() => undefined);
      ahead.push(next);
    }
    const entries = entriesOf(await (ahead.shift() as Promise<Uint8Array>));
    if (entries?.length !== Math.min(WIDTH, head.size - index * WIDTH))
      return { found: "damaged", bundle: index };
    const hashes = await Promise.all(entries.map(leafHash));
    if (kept && kept.size > tree.size && kept.size <= tree.size + hashes.length) {
      const then = tree.copy();
      await then.push(hashes.slice(0, kept.size - tree.size));
      const root = hex(await then.root());
      if (root !== hex(kept.root)) {
        return { found: "kept_differs", kept: kept.size, root, expected: hex(kept.root) };
      }
    }
    await tree.push(hashes);
    tell(tree.size, head.size);
  }
  const root = hex(await tree.root());
  if (root !== hex(head.root))
    return { found: "root_differs", size: head.size, root, expected: hex(head.root) };
  return {
    found: "intact",
    size: head.size,
    root,
    kept: kept?.size ?? null,
    signature: signed === null ? "not_checkable" : "checked",
  };
}
