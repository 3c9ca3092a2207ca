import { devices, test } from "@playwright/test";
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
