import { defineConfig } from "@playwright/test";

const root = process.getuid?.() === 0;

/** The system's Chromium. Without the flags it would speak to its maker, and as root it needs to run unboxed. */
export default defineConfig({
  testDir: "e2e",
  workers: 1,
  timeout: 240_000,
  expect: { timeout: 30_000 },
  reporter: [["list"]],
  outputDir: "test-results",
  use: {
    browserName: "chromium",
    locale: "en-GB",
    timezoneId: "Europe/Berlin",
    actionTimeout: 30_000,
    navigationTimeout: 60_000,
    screenshot: "only-on-failure",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: [
        ...(root ? ["--no-sandbox"] : []),
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "walk",
      testMatch: [
        "walk.spec.ts",
        "acts.spec.ts",
        "previews.spec.ts",
        "policies.spec.ts",
        "lists.spec.ts",
        "administration.spec.ts",
        "screens.spec.ts",
      ],
    },
    { name: "screenshots", testMatch: ["screenshots.spec.ts"] },
  ],
});
