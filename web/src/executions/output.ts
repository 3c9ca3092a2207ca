import { useEffect, useRef, useState } from "react";
import { told } from "../api/client";
import { type Problem, problemOf, readProblem } from "../api/problem";
import { queries } from "../api/query";
import { Terminal } from "./terminal";

/** Characters of each stream that the page keeps; the download has everything that was kept by the server. */
const MOST = 400_000;
/** How often what came is drawn. */
const DRAW = 100;

export interface Output {
  stdout: string;
  stderr: string;
  cut: boolean;
  /** Whether the stream came to its end. */
  done: boolean;
  problem: Problem | null;
}

interface Line {
  stream?: "stdout" | "stderr";
  data?: string;
  outcome?: string | null;
}

export function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
}

/** Reads lines of JSON as they come. */
export async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<Line> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? decoder.decode() : decoder.decode(value, { stream: true });
      const parts = rest.split("\n");
      rest = parts.pop() ?? "";
      for (const part of parts) if (part !== "") yield JSON.parse(part) as Line;
      if (done) return;
    }
  } finally {
    reader.releaseLock();
  }
}

/** The output of an execution, followed while it runs. */
export function useOutput(id: string, wanted: boolean): Output & { again: () => void } {
  const [output, setOutput] = useState<Output>({
    stdout: "",
    stderr: "",
    cut: false,
    done: false,
    problem: null,
  });
  const [round, setRound] = useState(0);
  const latest = useRef(output);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new round reads anew
  useEffect(() => {
    if (!wanted) return;
    const stopped = new AbortController();
    const stdout = new Terminal(MOST);
    const stderr = new Terminal(MOST);
    const texts = { stdout: new TextDecoder(), stderr: new TextDecoder() };
    let fresh = true;
    const draw = (done: boolean, problem: Problem | null) => {
      latest.current = {
        stdout: stdout.shown(),
        stderr: stderr.shown(),
        cut: stdout.cut || stderr.cut,
        done,
        problem,
      };
      setOutput(latest.current);
    };
    const timer = setInterval(() => {
      if (fresh) draw(false, null);
      fresh = false;
    }, DRAW);
    (async () => {
      const answer = await fetch(`/api/v1/executions/${encodeURIComponent(id)}/output?follow=true`, {
        signal: stopped.signal,
      });
      if (!answer.ok || !answer.body)
        throw told(readProblem(answer.status, await answer.json().catch(() => null)));
      for await (const line of lines(answer.body)) {
        if (line.stream && line.data !== undefined) {
          const text = texts[line.stream].decode(bytesOf(line.data), { stream: true });
          (line.stream === "stdout" ? stdout : stderr).write(text);
          fresh = true;
        }
      }
      draw(true, null);
      void queries.invalidateQueries({ queryKey: ["executions"] });
      void queries.invalidateQueries({ queryKey: ["requests", "one"] });
    })()
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) draw(true, problemOf(error));
      })
      .finally(() => clearInterval(timer));
    return () => {
      stopped.abort();
      clearInterval(timer);
    };
  }, [id, wanted, round]);
  return { ...output, again: () => setRound(round + 1) };
}

/** All bytes of a stream as the server kept them, saved by the browser. */
export async function download(id: string, stream: "stdout" | "stderr"): Promise<void> {
  const answer = await fetch(`/api/v1/executions/${encodeURIComponent(id)}/output`);
  if (!answer.ok || !answer.body)
    throw told(readProblem(answer.status, await answer.json().catch(() => null)));
  const parts: BlobPart[] = [];
  for await (const line of lines(answer.body)) {
    if (line.stream === stream && line.data !== undefined)
      parts.push(bytesOf(line.data) as Uint8Array<ArrayBuffer>);
  }
  const address = URL.createObjectURL(new Blob(parts, { type: "application/octet-stream" }));
  const link = document.createElement("a");
  link.href = address;
  link.download = `${id}.${stream}.txt`;
  link.click();
  URL.revokeObjectURL(address);
}
