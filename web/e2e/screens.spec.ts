import { expect, type Page, test } from "@playwright/test";
import { Demonstration } from "./support/installation";
import { accessible, fits, watch } from "./support/pages";
import { ask, FAULTS, SCREENS, Windows } from "./support/screens";

// Every screen of a living organization: usable by everybody in light and dark, narrow enough for a phone, and within
// the page's policy.
test.describe.configure({ mode: "default" });

const demonstration = new Demonstration();
let windows: Windows;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  await demonstration.open();
  await ask(demonstration);
  windows = new Windows(demonstration, async () => {
    const page = await (await browser.newContext()).newPage();
    watched.push(watch(page));
    return page;
  });
});

const watched: string[][] = [];

test.afterAll(async () => {
  await demonstration.close();
});

/** On a small phone, and as a window of 1280 px is at 200 % zoom. */
async function narrow(page: Page, name: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page, `${name} at 360 px`);
  await page.setViewportSize({ width: 640, height: 400 });
  await fits(page, `${name} at 200 %`);
  if (before) await page.setViewportSize(before);
}

for (const screen of [...SCREENS, ...FAULTS]) {
  test(screen.name, async () => {
    for (const scheme of ["light", "dark"] as const) {
      const page = await windows.of(screen.who);
      await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
      await windows.show(screen);
      await accessible(page, `${screen.name}, ${scheme}`);
      if (scheme === "light") await narrow(page, screen.name);
    }
    expect(watched.flat()).toEqual([]);
  });
}

test("the sign-in, before anybody is known", async ({ browser }) => {
  for (const colorScheme of ["light", "dark"] as const) {
    const page = await (await browser.newContext({ colorScheme })).newPage();
    await page.goto(demonstration.url);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await accessible(page, `sign-in, ${colorScheme}`);
    await narrow(page, "sign-in");
    await page.context().close();
  }
});

test("what keeps the pages safe is sent with them", async ({ request }) => {
  const answer = await request.get(`${demonstration.url}/requests/R-1`, { headers: { accept: "text/html" } });
  const policy = answer.headers()["content-security-policy"] ?? "";
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
  const page = await answer.text();
  expect(page).not.toContain("__CSP_NONCE__");
  expect(page).not.toMatch(/<script(?![^>]*src=)/);
});

test("who wants less motion gets none", async ({ browser }) => {
  /** The longest animation or transition of anything in the document, in seconds. */
  const longest = (page: Page) =>
    page.evaluate(() => {
      const seconds = (text: string) =>
        Math.max(...text.split(",").map((one) => Number.parseFloat(one) * (one.includes("ms") ? 0.001 : 1)));
      return Math.max(
        ...[...document.querySelectorAll("*")].map((element) => {
          const style = getComputedStyle(element);
          return Math.max(seconds(style.animationDuration), seconds(style.transitionDuration));
        }),
      );
    });
  for (const reducedMotion of ["no-preference", "reduce"] as const) {
    const page = await (await browser.newContext({ reducedMotion })).newPage();
    await page.goto(demonstration.url);
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    if (reducedMotion === "reduce") expect(await longest(page)).toBeLessThanOrEqual(0.001);
    else expect(await longest(page), "the control moves").toBeGreaterThan(0.01);
    await page.context().close();
  }
});

test("after the menu of a narrow screen the page belongs to screen readers again", async () => {
  const page = await windows.of("rita");
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(demonstration.url);
  // By role throughout: what is hidden from screen readers is not found.
  await page.getByRole("button", { name: "Menu" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Executions" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Executions" })).toBeVisible();
  await page.getByRole("button", { name: "Menu" }).click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("button", { name: "Menu" })).toBeFocused();
  if (before) await page.setViewportSize(before);
});

test("the whole way is possible by keyboard", async () => {
  const page = await windows.of("rita");
  await page.goto(demonstration.url);
  await page.getByRole("heading", { level: 1 }).waitFor();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
  const field = page.getByRole("searchbox", { name: /Find a task/ });
  await field.focus();
  await page.keyboard.type("disk usage");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/tasks\/Host\/Get-DiskUsage/);
});
