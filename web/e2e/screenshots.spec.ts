import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { devices, expect, test } from "@playwright/test";
import { Demonstration, Installation } from "./support/installation";
import { join } from "./support/pages";
import { ask, EMPTY, FAULTS, type Place, SCREENS, Windows } from "./support/screens";

// Pictures of every screen into `screenshots/`: light, dark, phone. To be looked at, not compared.
test.describe.configure({ mode: "serial" });

const LOOKS = {
  light: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" as const },
  phone: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
};

const demonstration = new Demonstration();
const empty = new Installation();
const start: Place = {
  get url() {
    return empty.url;
  },
  person: () => empty.ada,
};
/** Some screens only, by name: `SCREENS=request npm run screenshots -- -g phone`. */
const WANTED = new RegExp(process.env.SCREENS ?? "");

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  await demonstration.open();
  await ask(demonstration);
  await empty.open();
  const door = await (await browser.newContext(LOOKS.phone)).newPage();
  await door.goto(empty.firstLink);
  await door.getByRole("heading", { level: 1 }).waitFor();
  for (const [look, { viewport, ...options }] of Object.entries(LOOKS)) {
    await door.setViewportSize(viewport);
    await door.emulateMedia({ colorScheme: "colorScheme" in options ? options.colorScheme : "light" });
    await door.screenshot({ path: `screenshots/${look}/invitation.png`, fullPage: true });
  }
  await join(door, empty.firstLink, empty.ada);
  await door.context().close();
});

test.afterAll(async () => {
  await demonstration.close();
  await empty.close();
});

for (const [look, options] of Object.entries(LOOKS)) {
  test(look, async ({ browser }) => {
    test.setTimeout(900_000);
    const context = () => browser.newContext({ ...options, reducedMotion: "reduce" });
    const take = (name: string) => ({ path: `screenshots/${look}/${name}.png`, fullPage: true });
    const door = await (await context()).newPage();
    await door.goto(demonstration.url);
    await door.getByRole("heading", { level: 1 }).waitFor();
    await door.screenshot(take("sign-in"));
    const make = async () => (await context()).newPage();
    const windows = new Windows(demonstration, make);
    const beginning = new Windows(start, make);
    for (const screen of [...SCREENS, ...FAULTS, ...EMPTY]) {
      if (!WANTED.test(screen.name)) continue;
      const page = await (EMPTY.includes(screen) ? beginning : windows).show(screen);
      // Figures and counters that come a moment later.
      await page.waitForLoadState("load");
      await page.evaluate(() => window.scrollTo(0, 0));
      await page.screenshot(take(screen.name));
    }
  });
}

/** What the documentation shows, and what it may weigh. */
const CHOSEN: [keyof typeof LOOKS, string][] = [
  ["light", "home-requester"],
  ["light", "request-new"],
  ["phone", "request-to-decide"],
  ["light", "request-to-decide-for-less"],
  ["light", "approvals-several"],
  ["light", "execution"],
  ["dark", "home-approver"],
  ["dark", "request-live"],
  ["light", "audit"],
  ["light", "policies"],
  ["light", "help-microsoft"],
  ["phone", "home-requester"],
];
const WEIGHT = 60_000;

// Asked for by `npm run pictures` alone: it writes into the documentation.
if (process.env.CHOSEN) {
  test("the documentation's pictures", async ({ browser }) => {
    mkdirSync("../docs/screens", { recursive: true });
    const page = await browser.newPage();
    for (const [look, name] of CHOSEN) {
      const png = readFileSync(`screenshots/${look}/${name}.png`).toString("base64");
      // The beginning of the page, as wide as it is read in a document.
      const webp = await page.evaluate(async (png) => {
        const image = new Image();
        image.src = `data:image/png;base64,${png}`;
        await image.decode();
        const height = Math.min(image.height, image.width < 1200 ? image.width * 2.2 : image.width * 0.75);
        const scale = Math.min(1, (image.width < 1200 ? 480 : 1000) / image.width);
        const canvas = document.createElement("canvas");
        canvas.width = image.width * scale;
        canvas.height = height * scale;
        const pen = canvas.getContext("2d");
        if (pen) pen.imageSmoothingQuality = "high";
        pen?.drawImage(image, 0, 0, image.width, height, 0, 0, canvas.width, canvas.height);
        return canvas.toDataURL("image/webp", 0.82).split(",")[1] ?? "";
      }, png);
      const bytes = Buffer.from(webp, "base64");
      expect(bytes.length, name).toBeLessThanOrEqual(WEIGHT);
      writeFileSync(`../docs/screens/${name}-${look}.webp`, bytes);
    }
    await page.close();
  });
}
