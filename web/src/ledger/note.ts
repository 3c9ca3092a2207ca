/** Signed notes and the checkpoints in them, as C2SP writes them. */

export interface Checkpoint {
  origin: string;
  size: number;
  root: Uint8Array;
  /** What the signatures are over. */
  text: string;
  signatures: { name: string; id: string; bytes: Uint8Array }[];
}

export interface VerifyingKey {
  name: string;
  id: string;
  bytes: Uint8Array;
}

const ED25519 = 1;

/** Reads a checkpoint; null if it is none. */
export function readCheckpoint(note: string): Checkpoint | null {
  const cut = note.lastIndexOf("\n\n");
  if (cut < 0) return null;
  const text = note.slice(0, cut + 1);
  const [origin = "", size = "", root = ""] = text.split("\n");
  const hash = base64(root);
  if (!origin || !/^(0|[1-9][0-9]{0,15})$/.test(size) || hash?.length !== 32) return null;
  const signatures = [];
  for (const line of note
    .slice(cut + 2)
    .split("\n")
    .filter(Boolean)) {
    const [, name = "", encoded = ""] = /^— (\S+) (\S+)$/.exec(line) ?? [];
    const bytes = base64(encoded);
    if (!name || !bytes || bytes.length < 5) return null;
    signatures.push({ name, id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) });
  }
  return { origin, size: Number(size), root: hash, text, signatures };
}

/** Reads a verifying key: `name+id+base64`; null if it is none of Ed25519. */
export function readKey(text: string): VerifyingKey | null {
  const [, name = "", id = "", encoded = ""] = /^([^+\s]+)\+([0-9a-f]{8})\+(\S+)\s*$/.exec(text) ?? [];
  const bytes = base64(encoded);
  if (!name || bytes?.length !== 33 || bytes[0] !== ED25519) return null;
  return { name, id, bytes: bytes.slice(1) };
}

/** Whether the key's owner signed the checkpoint. Null where the browser can't tell. */
export async function isSigned(checkpoint: Checkpoint, key: VerifyingKey): Promise<boolean | null> {
  const signature = checkpoint.signatures.find((one) => one.name === key.name && one.id === key.id);
  if (!signature) return false;
  try {
    const raw = await crypto.subtle.importKey("raw", new Uint8Array(key.bytes), "Ed25519", false, ["verify"]);
    const text = new TextEncoder().encode(checkpoint.text);
    return await crypto.subtle.verify("Ed25519", raw, new Uint8Array(signature.bytes), text);
  } catch {
    return null;
  }
}

export function hex(bytes: Uint8Array): string {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function base64(text: string): Uint8Array | null {
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
}
