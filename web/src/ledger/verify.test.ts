import { describe, expect, it } from "vitest";
import { bundlePath, entriesOf } from "./bundle";
import { hex } from "./note";
import { leafHash, Tree } from "./tree";
import { verify } from "./verify";

const bytes = (text: string) => new TextEncoder().encode(text);

/** RFC 6962's recursion, plainly. */
async function plainly(entries: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  if (entries.length === 1) return leafHash(entries[0] as Uint8Array);
  let split = 1;
  while (split * 2 < entries.length) split *= 2;
  const both = [await plainly(entries.slice(0, split)), await plainly(entries.slice(split))];
  const joined = new Uint8Array([1, ...(both[0] ?? []), ...(both[1] ?? [])]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined));
}

const all = Array.from({ length: 600 }, (_, index) => bytes(`entry ${index}`));

async function rootOf(size: number): Promise<Uint8Array> {
  return plainly(all.slice(0, size));
}

const base64 = (of: Uint8Array) => btoa(String.fromCharCode(...of));

/** A ledger of 600 entries, signed; `change` meddles with the entries that are handed out. */
async function ledger(change: (entries: Uint8Array[]) => Uint8Array[] = (entries) => entries) {
  const pair = (await crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"])) as CryptoKeyPair;
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  const sign = async (size: number, root?: Uint8Array) => {
    const text = `ledger.example/1\n${size}\n${base64(root ?? (await rootOf(size)))}\n`;
    const signature = new Uint8Array(await crypto.subtle.sign("Ed25519", pair.privateKey, bytes(text)));
    return `${text}\n— ledger.example/1 ${base64(new Uint8Array([1, 2, 3, 4, ...signature]))}\n`;
  };
  const handed = change([...all]);
  const paths = new Map<string, Uint8Array>();
  for (let index = 0; index * 256 < 600; index += 1) {
    const some = handed.slice(index * 256, index * 256 + 256);
    const encoded = some.flatMap((entry) => [entry.length >> 8, entry.length & 255, ...entry]);
    paths.set(bundlePath(index, Math.min(256, 600 - index * 256)), new Uint8Array(encoded));
  }
  return {
    sign,
    key: `ledger.example/1+01020304+${base64(new Uint8Array([1, ...raw]))}\n`,
    bundle: async (path: string) => paths.get(path) ?? new Uint8Array(),
  };
}

async function found(change?: (entries: Uint8Array[]) => Uint8Array[], kept?: number | string) {
  const { sign, key, bundle } = await ledger(change);
  const earlier = typeof kept === "number" ? await sign(kept) : (kept ?? null);
  return verify(
    { head: await sign(600), key, kept: earlier, bundle },
    () => {},
    new AbortController().signal,
  );
}

describe("the tree", () => {
  it("has RFC 6962's roots at every size, however it is grown", async () => {
    const hashes = await Promise.all(all.map(leafHash));
    for (const size of [1, 2, 3, 4, 5, 7, 8, 255, 256, 257, 511, 512, 600]) {
      const tree = new Tree();
      await tree.push(hashes.slice(0, Math.min(size, 3)));
      await tree.push(hashes.slice(Math.min(size, 3), size));
      expect(hex(await tree.root()), String(size)).toBe(hex(await rootOf(size)));
    }
  });
});

describe("bundles", () => {
  it("are where C2SP puts them", () => {
    expect(bundlePath(0, 256)).toBe("entries/000");
    expect(bundlePath(1_234, 17)).toBe("entries/x001/234.p/17");
    expect(bundlePath(1_234_067, 256)).toBe("entries/x001/x234/067");
  });
  it("are read whole or not at all", () => {
    expect(entriesOf(new Uint8Array([0, 1, 7, 0, 0]))?.map((entry) => entry.length)).toEqual([1, 0]);
    expect(entriesOf(new Uint8Array([0, 2, 7]))).toBeNull();
    expect(entriesOf(new Uint8Array([0]))).toBeNull();
  });
});

describe("verifying", () => {
  it("finds an intact ledger intact, with what was kept earlier", async () => {
    expect(await found()).toMatchObject({ found: "intact", size: 600, kept: null });
    for (const kept of [1, 255, 256, 257, 600])
      expect(await found(undefined, kept)).toMatchObject({ found: "intact", kept });
  });
  it("finds one changed byte, a swap, and a hole", async () => {
    const changed = (entries: Uint8Array[]) => entries.with(300, bytes("entry 3OO"));
    const swapped = (entries: Uint8Array[]) =>
      entries.with(1, all[2] as Uint8Array).with(2, all[1] as Uint8Array);
    expect(await found(changed)).toMatchObject({ found: "root_differs" });
    expect(await found(swapped)).toMatchObject({ found: "root_differs" });
    expect(await found((entries) => entries.toSpliced(300, 1))).toMatchObject({
      found: "damaged",
      bundle: 2,
    });
  });
  it("finds a past that was rewritten and signed anew", async () => {
    const { sign, key, bundle } = await ledger();
    const against = async (kept: string) =>
      verify({ head: await sign(600), key, kept, bundle }, () => {}, new AbortController().signal);
    expect(await against(await sign(100, await rootOf(99)))).toMatchObject({
      found: "kept_differs",
      kept: 100,
    });
    const forged = (await sign(100)).replace(base64(await rootOf(100)), base64(await rootOf(99)));
    expect(await against(forged)).toEqual({ found: "not_signed", which: "kept" });
    expect(await found(undefined, "nothing")).toEqual({ found: "not_a_checkpoint", which: "kept" });
  });
});
