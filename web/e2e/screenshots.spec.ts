import { devices, test } from "@playwright/test";
import { Demonstration, Installation } from "./support/installation";
import { ask, SCREENS, Windows } from "./support/screens";

// Pictures of every screen into `screenshots/`: light, dark, phone. To be looked at, not compared.
test.describe.configure({ mode: "serial" });

const demonstration = new Demonstration();
const empty = new Installation();

test.beforeAll(async () => {
  test.setTimeout(300_000);
  await demonstration.open();
  await ask(demonstration);
  await empty.open();
});

test.afterAll(async () => {
  await demonstration.close();
  await empty.close();
});

const LOOKS = {
  light: { viewport: { width: 1280, height: 800 } },
  dark: { viewport: { width: 1280, height: 800 }, colorScheme: "dark" as const },
  phone: { ...devices["Pixel 7"], viewport: { width: 390, height: 844 } },
};

for (const [look, options] of Object.entries(LOOKS)) {
  test(look, async ({ browser }) => {
    test.setTimeout(900_000);
    const context = () => browser.newContext({ ...options, reducedMotion: "reduce" });
    const take = (name: string) => ({ path: `screenshots/${look}/${name}.png`, fullPage: true });
    const door = await (await context()).newPage();
    await door.goto(empty.firstLink);
    await door.getByRole("heading", { level: 1 }).waitFor();
    await door.screenshot(take("invitation"));
    await door.goto(demonstration.url);
    await door.getByRole("heading", { level: 1 }).waitFor();
    await door.screenshot(take("sign-in"));
    const windows = new Windows(demonstration, async () => (await context()).newPage());
    for (const screen of SCREENS) {
      const page = await windows.show(screen);
      // Figures and counters that come a moment later.
      await page.waitForLoadState("load");
      await page.screenshot(take(screen.name));
    }
  });
}
