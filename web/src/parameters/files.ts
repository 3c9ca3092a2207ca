import { csrfHeader, told } from "../api/client";
import { newKey } from "../api/intent";
import { ProblemError, readProblem, UNREACHABLE } from "../api/problem";
import type { components } from "../api/schema.gen";

/** An uploaded file as a parameter's value, and the name it had, which stays in the browser. */
export interface Uploaded {
  sha256: string;
  size: number;
  media_type: string;
  name?: string;
}

/** The largest file that the API takes, in bytes. */
export const LARGEST = 64 * 1024 * 1024;

/** A file in a draft is the text of its value. */
export function fileIn(text: string): Uploaded | null {
  if (text === "") return null;
  try {
    const found = JSON.parse(text) as Partial<Uploaded>;
    const { sha256, size, media_type } = found;
    if (typeof sha256 !== "string" || typeof size !== "number" || typeof media_type !== "string") return null;
    return { sha256, size, media_type, ...(typeof found.name === "string" ? { name: found.name } : {}) };
  } catch {
    return null;
  }
}

/** The media type that is told: a parameter that takes text only gets text, whatever the browser thinks it is. */
export function mediaType(type: string, text: boolean): string {
  if (text) return type.startsWith("text/") ? type : "text/plain";
  return /^[\w.+-]+\/[\w.+-]+$/.test(type) ? type : "application/octet-stream";
}

/** Sends a file, and gives the value that stands for it. It vanishes within a day unless something cites it. */
export async function upload(file: File, text: boolean): Promise<Uploaded> {
  let answer: Response;
  try {
    answer = await fetch("/api/v1/blobs", {
      method: "POST",
      body: file,
      credentials: "same-origin",
      headers: { ...csrfHeader(), "content-type": mediaType(file.type, text), "idempotency-key": newKey() },
    });
  } catch {
    throw new ProblemError(UNREACHABLE);
  }
  if (!answer.ok) throw told(readProblem(answer.status, await answer.json().catch(() => null)));
  const stored = (await answer.json()) as components["schemas"]["Uploaded"];
  return { sha256: stored.sha256, size: stored.size, media_type: stored.media_type, name: file.name };
}
