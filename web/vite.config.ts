import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { chunks } from "./scripts/chunks";

/** The server that `npm run dev` passes API calls on to; it takes changes only from its own origin. */
const server = process.env.COUNTERSIGN_URL ?? "http://127.0.0.1:8470";

export default defineConfig({
  plugins: [react(), chunks()],
  // Every byte the page loads is a file of its own: the Content-Security-Policy allows nothing inline.
  build: {
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: "es2022",
    reportCompressedSize: false,
  },
  test: { include: ["src/**/*.test.ts"], setupFiles: ["scripts/words.setup.ts"] },
  server: {
    proxy: {
      "/api": {
        target: server,
        changeOrigin: true,
        configure: (proxy) => proxy.on("proxyReq", (request) => request.setHeader("origin", server)),
      },
    },
  },
});
