/** RFC 6962's tree of hashes, grown from the left, by the browser's own SHA-256. */

type Bytes = Uint8Array<ArrayBuffer>;

async function sha256(bytes: Bytes): Promise<Bytes> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
}

/** The hash of an entry. */
export async function leafHash(entry: Uint8Array): Promise<Bytes> {
  const bytes = new Uint8Array(entry.length + 1);
  bytes.set(entry, 1);
  return sha256(bytes);
}

async function nodeHash(left: Bytes, right: Bytes): Promise<Bytes> {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return sha256(bytes);
}

/** The hash of a whole subtree of 2ⁿ leaves, level by level, each level at once. */
async function whole(hashes: Bytes[]): Promise<Bytes> {
  let level = hashes;
  while (level.length > 1) {
    const pairs: Promise<Bytes>[] = [];
    for (let at = 0; at + 1 < level.length; at += 2) {
      pairs.push(nodeHash(level[at] as Bytes, level[at + 1] as Bytes));
    }
    level = await Promise.all(pairs);
  }
  return level[0] as Bytes;
}

/** A tree that remembers only the roots of its whole subtrees. */
export class Tree {
  private roots: { leaves: number; hash: Bytes }[] = [];
  size = 0;

  /** The same, to be grown on its own. */
  copy(): Tree {
    const copy = new Tree();
    copy.roots = [...this.roots];
    copy.size = this.size;
    return copy;
  }

  /** Adds leaves; as many at once as make a whole subtree where the tree stands. */
  async push(hashes: Bytes[]): Promise<void> {
    let rest = hashes;
    while (rest.length > 0) {
      let take = 1;
      while (take * 2 <= rest.length && this.size % (take * 2) === 0) take *= 2;
      await this.add(take, await whole(rest.slice(0, take)));
      rest = rest.slice(take);
    }
  }

  private async add(leaves: number, hash: Bytes): Promise<void> {
    let added = { leaves, hash };
    this.size += leaves;
    for (let last = this.roots.at(-1); last?.leaves === added.leaves; last = this.roots.at(-1)) {
      this.roots.pop();
      added = { leaves: added.leaves * 2, hash: await nodeHash(last.hash, added.hash) };
    }
    this.roots.push(added);
  }

  /** The root; of nothing, SHA-256 of nothing. */
  async root(): Promise<Bytes> {
    const last = this.roots.at(-1);
    if (!last) return sha256(new Uint8Array());
    let hash = last.hash;
    for (let at = this.roots.length - 2; at >= 0; at -= 1) {
      hash = await nodeHash((this.roots[at] as { hash: Bytes }).hash, hash);
    }
    return hash;
  }
}
