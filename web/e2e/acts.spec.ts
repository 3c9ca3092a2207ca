import { createHash } from "node:crypto";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { Demonstration } from "./support/installation";
import { signIn, watch } from "./support/pages";

// Nothing acts twice: not by a double click, not by going back, not from two windows, not when an answer is lost.
test.describe.configure({ mode: "serial" });

const demonstration = new Demonstration();
const watched: string[][] = [];
let ritas: Page;
let bobs: Page;

async function window(browser: Browser, name: string): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  watched.push(watch(page));
  await page.goto(demonstration.url);
  await signIn(page, demonstration.person(name));
  return page;
}

/** What the API says, as this page's person. */
async function told<T>(page: Page, path: string): Promise<T> {
  return await page.evaluate(async (path) => await (await fetch(path)).json(), path);
}

const requests = async (page: Page) =>
  (await told<{ items: { number: string }[] }>(page, "/api/v1/requests?mine=true&limit=100")).items;
const votes = async (page: Page, number: string) =>
  (await told<{ vote_list: unknown[] }>(page, `/api/v1/requests/${number}`)).vote_list.length;

async function ask(page: Page, path: string, reason: string): Promise<void> {
  await page.goto(
    `${demonstration.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
  );
  await page.getByLabel(/^Path/).fill(path);
  await page.getByLabel(/^Comments/).fill(reason);
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  await demonstration.open();
  ritas = await window(browser, "rita");
  bobs = await window(browser, "bob");
});

test.afterAll(async () => {
  await demonstration.close();
});

test.afterEach(() => {
  expect(watched.flat()).toEqual([]);
});

let asked = "";

test("a double click sends one request, and going back sends none", async () => {
  const before = (await requests(ritas)).length;
  await ask(ritas, "/srv", "twice at once");
  // The form is still there after the answer, for as long as the next screen is being fetched.
  let fetched = () => {};
  const held = new Promise<void>((done) => {
    fetched = done;
  });
  await ritas.route("**/assets/Details-*.js", async (route) => {
    await held;
    await route.fallback();
  });
  const answered = ritas.waitForResponse((answer) => answer.request().method() === "POST");
  const button = ritas.getByRole("button", { name: "Send request" });
  await button.dblclick();
  await answered;
  await button.click({ force: true });
  fetched();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  await ritas.unroute("**/assets/Details-*.js");
  asked = /R-\d+$/.exec(ritas.url())?.[0] ?? "";
  expect(await requests(ritas)).toHaveLength(before + 1);
  await ritas.goBack();
  await expect(ritas.getByLabel(/^Comments/)).toHaveValue("");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas.getByText("This is needed.").first()).toBeVisible();
  expect(await requests(ritas)).toHaveLength(before + 1);
});

test("an answer that is lost is asked for again, and the vote counts once", async () => {
  await bobs.goto(`${demonstration.url}/requests/${asked}`);
  const keys: (string | undefined)[] = [];
  await bobs.route("**/approve", async (route) => {
    keys.push(route.request().headers()["idempotency-key"]);
    if (keys.length > 1) return route.fallback();
    // The server carries it out; its answer never arrives.
    await route.fetch();
    await route.abort();
  });
  // Without the stream the page does not learn of it in another way.
  await bobs.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(
    bobs.getByText("Approved.", { exact: true }).or(bobs.getByText("No answer from the server")),
  ).toBeVisible();
  const again = bobs.getByRole("button", { name: "Approve", exact: true });
  if (await again.isVisible()) await again.click().catch(() => undefined);
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await bobs.unroute("**/approve");
  expect(new Set(keys).size).toBe(1);
  expect(await votes(bobs, asked)).toBe(1);
});

test("two windows can't both decide: the second is told what already happened", async ({ browser }) => {
  await ask(ritas, "/home", "two windows");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  const number = /R-\d+$/.exec(ritas.url())?.[0] ?? "";
  // Another browser of the same person, whose pages hear of nothing.
  const deaf = await window(browser, "bob");
  await deaf.route("**/api/v1/events", (route) => route.abort());
  await deaf.goto(`${demonstration.url}/requests/${number}`);
  await expect(deaf.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  await bobs.goto(`${demonstration.url}/requests/${number}`);
  await bobs.getByRole("button", { name: "Approve", exact: true }).dblclick();
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await deaf.getByLabel(/^Comment/).fill("no");
  await deaf.getByRole("button", { name: "Deny" }).click();
  await expect(deaf.getByRole("alert").first()).toContainText(/already_(final|voted)/);
  expect(await votes(bobs, number)).toBe(1);
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await deaf.context().close();
});

test("a window that hears of it says that it was decided elsewhere", async () => {
  await ask(ritas, "/tmp", "while it is looked at");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  const number = /R-\d+$/.exec(ritas.url())?.[0] ?? "";
  await bobs.goto(`${demonstration.url}/requests/${number}`);
  await bobs.getByLabel(/^Comment/).fill("half a sentence");
  await ritas.getByRole("button", { name: "Withdraw the request" }).click();
  await expect(bobs.getByText("While you looked at it, this was decided or ended elsewhere.")).toBeVisible();
  await expect(bobs.getByRole("button", { name: "Approve", exact: true })).toHaveCount(0);
});

test("a double click runs once, and going back runs nothing", async () => {
  const runs = async () =>
    (await told<{ items: unknown[] }>(ritas, "/api/v1/executions?mine=true&limit=100")).items.length;
  const before = await runs();
  await ritas.goto(`${demonstration.url}/tasks/Host/Get-DiskUsage/run?request=${asked}`);
  await expect(ritas.getByLabel(/^Path/)).not.toBeEditable();
  await ritas.getByRole("button", { name: "Run", exact: true }).dblclick();
  await expect(ritas).toHaveURL(/\/executions\/x-/);
  expect(await runs()).toBe(before + 1);
  await ritas.goBack();
  await expect(ritas.getByRole("button", { name: "Run", exact: true })).toBeVisible();
  await ritas.goForward();
  await expect(ritas).toHaveURL(/\/executions\/x-/);
  expect(await runs()).toBe(before + 1);
});

test("several are approved at once, only those that were opened", async () => {
  const numbers: string[] = [];
  for (const path of ["/usr", "/var", "/opt"]) {
    await ask(ritas, path, `for ${path}`);
    await ritas.getByRole("button", { name: "Send request" }).click();
    await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
    numbers.push(/R-\d+$/.exec(ritas.url())?.[0] ?? "");
  }
  const [first = "", second = "", third = ""] = numbers;
  for (const number of [first, second]) {
    await bobs.goto(`${demonstration.url}/requests/${number}`);
    await expect(bobs.getByRole("button", { name: "Approve", exact: true })).toBeVisible();
  }
  await bobs.goto(`${demonstration.url}/approvals`);
  await expect(bobs.getByRole("checkbox", { name: `Choose ${third}` })).toBeDisabled();
  await bobs.getByRole("checkbox", { name: `Choose ${first}` }).check();
  await bobs.getByRole("checkbox", { name: `Choose ${second}` }).check();
  await bobs.getByRole("button", { name: "Approve 2" }).dblclick();
  await expect(bobs.getByText("2 approved.")).toBeVisible();
  expect(await votes(bobs, first)).toBe(1);
  expect(await votes(bobs, second)).toBe(1);
  expect(await votes(bobs, third)).toBe(0);
});

test("a request is decided by keyboard alone, and the focus goes on from the outcome", async () => {
  await bobs.goto(`${demonstration.url}/approvals`);
  const link = bobs.getByRole("table").getByRole("link").first();
  await link.focus();
  await bobs.keyboard.press("Enter");
  await expect(bobs.getByRole("heading", { level: 1 })).toBeFocused();
  const approve = bobs.getByRole("button", { name: "Approve", exact: true });
  await expect(approve).toBeVisible();
  for (let tabs = 0; tabs < 40; tabs += 1) {
    await bobs.keyboard.press("Tab");
    if (await approve.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(approve).toBeFocused();
  await bobs.keyboard.press("Enter");
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await expect(approve).toHaveCount(0);
  const outcome = await bobs.evaluate(() => document.activeElement?.textContent ?? "");
  expect(outcome).toContain("Approved.");
});

test("all windows of a browser share one stream, and the next takes it over", async ({ browser }) => {
  const context = await browser.newContext();
  const opened: string[] = [];
  const pages: Page[] = [];
  for (const name of ["first", "second"]) {
    const page = await context.newPage();
    page.on("request", (request) => {
      if (request.url().endsWith("/api/v1/events")) opened.push(name);
    });
    pages.push(page);
  }
  const [first, second] = pages as [Page, Page];
  await first.goto(demonstration.url);
  await signIn(first, demonstration.person("rita"));
  await expect.poll(() => opened).toEqual(["first"]);
  await second.goto(`${demonstration.url}/requests`);
  await expect(second.getByRole("heading", { level: 1, name: "My requests" })).toBeVisible();
  await ask(ritas, "/boot", "told to both");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  const number = /R-\d+$/.exec(ritas.url())?.[0] ?? "";
  await expect(second.getByRole("link", { name: number, exact: true })).toBeVisible();
  expect(opened).toEqual(["first"]);
  await first.close();
  await expect.poll(() => opened).toEqual(["first", "second"]);
  await ritas.getByRole("button", { name: "Withdraw the request" }).click();
  await expect(second.getByRole("row", { name: number }).getByText("Cancelled")).toBeVisible();
  await context.close();
});

test("a file is uploaded and stands for itself by its digest; a list that may not be run says why", async () => {
  // No task of the demonstration takes a file or has a picker: its definition is changed on the way here (a simulator of
  // one that does). What is uploaded and run goes to the real server.
  const path = "**/api/v1/tasks/Host/Get-DiskUsage";
  await ritas.route(path, async (route) => {
    const answer = await route.fetch();
    const task = (await answer.json()) as { parameters: Record<string, unknown>[] };
    const [first] = task.parameters;
    await route.fulfill({
      json: {
        ...task,
        parameters: [
          { ...first, name: "Script", title: "Script", kind: { type: "file", max_size: 1_000, text: true } },
          { ...first, picker: "Host\\Start-LongCheck" },
        ],
      },
    });
  });
  await ritas.goto(
    `${demonstration.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
  );
  const content = Buffer.from("df -h\n");
  const file = ritas.locator("input[type=file]");
  await file.setInputFiles({ name: "much.txt", mimeType: "text/plain", buffer: Buffer.alloc(1_001, "x") });
  await expect(ritas.getByText("The file is too large")).toBeVisible();
  await file.setInputFiles({ name: "look.sh", mimeType: "application/x-sh", buffer: content });
  await expect(ritas.getByText("look.sh, 6 bytes, text/plain")).toBeVisible();
  await expect(ritas.getByText(createHash("sha256").update(content).digest("hex"))).toBeVisible();
  await ritas.getByRole("button", { name: "Remove" }).click();
  await expect(ritas.getByText("look.sh")).toHaveCount(0);
  await ritas.getByRole("button", { name: /^Fetch what can be chosen/ }).click();
  await expect(ritas.getByRole("alert")).toContainText("authorization_required");
  await ritas.unroute(path);
});
