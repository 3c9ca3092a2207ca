import { mkdirSync, writeFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import type { Plugin } from "vite";

export interface Chunk {
  file: string;
  /** Bytes compressed, as the server sends it. */
  gzip: number;
  imports: string[];
  modules: string[];
}

export const CHUNKS = "node_modules/.cache/countersign/chunks.json";

/** Writes down which script holds what, for the test of sizes. */
export function chunks(): Plugin {
  return {
    name: "countersign-chunks",
    apply: "build",
    generateBundle(_, bundle) {
      const found: Chunk[] = [];
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== "chunk") continue;
        const gzip = gzipSync(chunk.code, { level: 9 }).length;
        found.push({ file: chunk.fileName, gzip, imports: chunk.imports, modules: chunk.moduleIds });
      }
      mkdirSync("node_modules/.cache/countersign", { recursive: true });
      writeFileSync(CHUNKS, JSON.stringify(found));
    },
  };
}
