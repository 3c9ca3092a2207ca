import { chromium } from "@playwright/test";

const [out, width, ...files] = process.argv.slice(2);
const b = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--allow-file-access-from-files"],
});
const p = await b.newPage({ viewport: { width: 1900, height: 1200 } });
await p.goto("file:///tmp/");
await p.setContent(
  `<body style="margin:4px;background:#888;display:flex;flex-wrap:wrap;gap:6px;align-items:flex-start">${files.map((f) => `<img style="width:${width}px" src="file:///srv/w/webb/web/screenshots/${f}.png">`).join("")}</body>`,
);
await p.waitForLoadState("networkidle");
await p.screenshot({ path: out, fullPage: true });
await b.close();
