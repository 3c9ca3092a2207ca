import { expect, type Page, test } from "@playwright/test";
import { Demonstration } from "./support/installation";
import { accessible, fits, signIn } from "./support/pages";

// A list of 100,000 requests. The server's answers are made up here (a simulator of a list that long): what is held is
// what the page does with them.
const MANY = 100_000;
const demonstration = new Demonstration();

test.beforeAll(async () => {
  test.setTimeout(300_000);
  await demonstration.open();
});

test.afterAll(async () => {
  await demonstration.close();
});

/** Answers a list's pages from one real row. */
async function simulate(page: Page): Promise<{ asked: () => number }> {
  let asked = 0;
  let row: Record<string, unknown> | null = null;
  await page.route("**/api/v1/requests?*", async (route) => {
    const query = new URL(route.request().url()).searchParams;
    const answer = await route.fetch();
    const real = (await answer.json()) as { items: Record<string, unknown>[] };
    row ??= real.items[0] ?? null;
    const cursor = Number(query.get("cursor") ?? MANY + 1);
    const limit = Number(query.get("limit"));
    const first = cursor - 1;
    const last = Math.max(1, first - limit + 1);
    const items = [];
    for (let number = first; number >= last; number -= 1)
      items.push({
        ...row,
        number: `R-${number}`,
        reason: `for ticket ${number}${" and more".repeat(number % 7)}`,
      });
    asked += 1;
    await route.fulfill({ json: { ...real, items, next: last > 1 ? String(last) : null } });
  });
  return { asked: () => asked };
}

/** The longest task of the page's main thread, in milliseconds of processor time: a busy machine does not count. */
function longestTask(trace: Buffer): number {
  interface Entry {
    name: string;
    pid: number;
    tid: number;
    tdur?: number;
    args?: { name?: string };
  }
  const { traceEvents } = JSON.parse(trace.toString("utf8")) as { traceEvents: Entry[] };
  const main = new Set(
    traceEvents
      .filter((entry) => entry.name === "thread_name" && entry.args?.name === "CrRendererMain")
      .map((entry) => `${entry.pid}/${entry.tid}`),
  );
  const tasks = traceEvents.filter(
    (entry) => entry.name === "RunTask" && main.has(`${entry.pid}/${entry.tid}`) && entry.tdur !== undefined,
  );
  expect(tasks.length, "tasks in the trace").toBeGreaterThan(100);
  return Math.max(...tasks.map((entry) => entry.tdur ?? 0)) / 1000;
}

test("100,000 requests are scrolled through with at most 200 rows in the document", async ({
  page,
  browser,
}) => {
  await page.goto(demonstration.url);
  await signIn(page, demonstration.person("rita"));
  const simulated = await simulate(page);
  await page.goto(`${demonstration.url}/requests`);
  await expect(page.getByRole("link", { name: "R-100000" })).toBeVisible();
  const categories = ["disabled-by-default-devtools.timeline", "toplevel", "__metadata"];
  await browser.startTracing(page, { categories });
  let most = 0;
  for (let step = 0; step < 60; step += 1) {
    await page.mouse.wheel(0, 1_500);
    await page.waitForTimeout(30);
    most = Math.max(most, await page.locator("tbody tr[role=row]").count());
  }
  await expect
    .poll(() => page.getByRole("row").last().getAttribute("aria-rowindex").then(Number))
    .toBeGreaterThan(500);
  expect(most).toBeLessThanOrEqual(200);
  expect(most).toBeGreaterThan(0);
  expect(simulated.asked()).toBeLessThan(200);
  const longest = longestTask(await browser.stopTracing());
  console.log(
    `longest task ${longest.toFixed(0)} ms, most rows ${most}, pages asked for ${simulated.asked()}`,
  );
  expect(longest).toBeLessThanOrEqual(100);

  // Rows follow each other without a gap, and what was left is left where it was.
  const seen = await page
    .locator("tbody tr[role=row] td:first-child a")
    .evaluateAll((links) => links.map((link) => Number(link.textContent?.slice(2))));
  for (const [place, number] of seen.entries())
    if (place > 0) expect(number).toBe((seen[place - 1] ?? 0) - 1);
  await fits(page, "a long list");
  const middle = page.locator("tbody tr[role=row] td:first-child a").nth(Math.floor(seen.length / 2));
  const number = (await middle.textContent()) ?? "";
  await page.route(`**/api/v1/requests/${number}`, (route) => route.abort());
  await middle.click();
  await expect(page.getByRole("heading", { level: 1, name: `Access request ${number}` })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("link", { name: number, exact: true })).toBeInViewport();
  await accessible(page, "a long list");
});

test("a new request at the top moves the rest on, and none is lost", async ({ page }) => {
  await page.goto(demonstration.url);
  await signIn(page, demonstration.person("rita"));
  await page.goto(`${demonstration.url}/requests`);
  await expect(page.getByRole("link", { name: "R-1", exact: true })).toBeVisible();
  const before = await page.locator("tbody tr[role=row]").count();
  await demonstration.cli(demonstration.person("rita"), [
    ...["request", "new", "Host\\Get-DiskUsage", "-p", "Path=/etc"],
    ...["--reason", "one more", "--duration", "1h"],
  ]);
  await expect(page.locator("tbody tr[role=row]")).toHaveCount(before + 1);
});
