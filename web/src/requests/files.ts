import { useQuery } from "@tanstack/react-query";
import { told } from "../api/client";
import { ProblemError, readProblem, UNREACHABLE } from "../api/problem";
import type { RequestDetails } from "../api/shapes";

export type RequestFile = NonNullable<RequestDetails["files"]>[number];

/** What a file holds: its text where the server found one, and its bytes to be saved. */
export interface Content {
  text: string | null;
  blob: Blob;
}

/** Larger files are fetched when somebody wants to see them. */
export const FETCHED = 1 << 20;
/** Characters that are shown at first. */
export const FIRST = 64 * 1024;

/** The beginning of a text, without half a character at its end. */
export function beginning(text: string): string {
  const cut = text.slice(0, FIRST);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}

/** The text of bytes that the server calls text. A mark of the byte order stays, and is named like all that hides. */
export function textOf(bytes: ArrayBuffer): string {
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  return text.replaceAll("\r\n", "\n");
}

async function fetched(number: string, sha256: string, signal: AbortSignal): Promise<Content> {
  const path = `/api/v1/requests/${encodeURIComponent(number)}/files/${encodeURIComponent(sha256)}`;
  let answer: Response;
  let bytes: ArrayBuffer;
  try {
    answer = await fetch(path, { credentials: "same-origin", signal });
    if (!answer.ok) throw told(readProblem(answer.status, await answer.json().catch(() => null)));
    bytes = await answer.arrayBuffer();
  } catch (error) {
    throw error instanceof ProblemError ? error : new ProblemError(UNREACHABLE);
  }
  const isText = answer.headers.get("content-type")?.startsWith("text/plain") ?? false;
  return {
    text: isText ? textOf(bytes) : null,
    blob: new Blob([bytes], { type: "application/octet-stream" }),
  };
}

/** A file that a request cites. It never changes: its name is its digest. */
export function useRequestFile(number: string, sha256: string, wanted: boolean) {
  return useQuery({
    queryKey: ["request-file", number, sha256],
    enabled: wanted,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    queryFn: ({ signal }) => fetched(number, sha256, signal),
  });
}
