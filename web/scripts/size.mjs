/** Fails when the scripts of a first screen are larger than they may be. */
import { readFileSync } from "node:fs";

/** Written by the build, see chunks.ts. */
const CHUNKS = "node_modules/.cache/countersign/chunks.json";
const BUDGET = 250_000;
/** The screens that somebody opens first, from an address or a mail. */
const FIRST = [
  ["src/app/Shell.tsx", "src/home/Home.tsx"],
  ["src/app/Shell.tsx", "src/requests/Details.tsx"],
  ["src/invitations/Redeem.tsx"],
];

const all = JSON.parse(readFileSync(CHUNKS, "utf8"));
const byFile = new Map(all.map((chunk) => [chunk.file, chunk]));

function closure(start) {
  const seen = new Set();
  const visit = (chunk) => {
    if (!chunk || seen.has(chunk)) return;
    seen.add(chunk);
    for (const file of chunk.imports) visit(byFile.get(file));
  };
  for (const chunk of start) visit(chunk);
  return seen;
}

function holding(module) {
  const found = all.find((chunk) => chunk.modules.some((id) => id.endsWith(module)));
  if (!found) throw new Error(`no script holds ${module}`);
  return found;
}

let failed = false;
const entry = [holding("src/main.tsx"), holding("src/words/en/index.ts")];
for (const modules of FIRST) {
  const screen = modules.at(-1);
  const scripts = [...closure([...entry, ...modules.map(holding)])];
  const size = scripts.reduce((sum, chunk) => sum + chunk.gzip, 0);
  const kept = size <= BUDGET;
  failed ||= !kept;
  console.log(
    `${kept ? "ok    " : "FAILED"} ${screen}: ${size} bytes compressed in ${scripts.length} scripts, at most ${BUDGET}`,
  );
  if (!kept || process.argv.includes("--list")) {
    for (const chunk of scripts.sort((a, b) => b.gzip - a.gzip).slice(0, 15))
      console.log(`  ${chunk.gzip} ${chunk.file}`);
  }
}
// The charts are heavy: whatever a first screen loads, they are not in it.
const charts = all.filter((chunk) => chunk.modules.some((id) => id.includes("/@fluentui/react-charts/")));
const first = closure([...entry, ...FIRST.flat().map(holding)]);
if (charts.length === 0 || charts.some((chunk) => first.has(chunk))) {
  console.log("FAILED the charts are not in a script of their own, or a first screen loads it");
  failed = true;
}
process.exitCode = failed ? 1 : 0;
