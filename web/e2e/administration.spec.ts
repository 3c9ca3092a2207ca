import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { toReview } from "./support/administration";
import { Demonstration } from "./support/installation";
import { accessible, watch } from "./support/pages";
import { Windows } from "./support/screens";

// What administrators and auditors do, in a living organization.
test.describe.configure({ mode: "default" });

const demonstration = new Demonstration();
let windows: Windows;
const watched: string[][] = [];

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000);
  await demonstration.open();
  windows = new Windows(demonstration, async () => {
    const page = await (await browser.newContext({ acceptDownloads: true })).newPage();
    watched.push(watch(page));
    return page;
  });
});

test.afterAll(async () => {
  await demonstration.close();
});

test.afterEach(() => {
  expect(watched.flat()).toEqual([]);
});

async function at(who: string, path: string): Promise<Page> {
  const page = await windows.of(who);
  await page.goto(demonstration.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
  return page;
}

test("a change of a policy says what it does before it is asked for", async () => {
  const page = await at("ada", "/policies");
  await toReview(page);
  await expect(page.getByText(/at most 2 h/).first()).toBeVisible();
  await expect(page.getByText("It asks for more than now.")).toBeVisible();
  await expect(page.getByText(/It concerns \d+ of those requests/)).toBeVisible();
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Conditions" })).toBeVisible();
  await page.goForward();
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page.getByText("This is needed.")).toBeVisible();
  await page.getByLabel(/^Comments/).fill("two hours were always enough");
  await page.getByRole("button", { name: "Send request" }).click();
  await expect(page).toHaveURL(/\/requests\/R-\d+$/);
  await expect(page.getByText("two hours were always enough").first()).toBeVisible();
});

test("several tasks get policies in one act", async () => {
  const page = await at("ada", "/policies/new");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByRole("alert")).toContainText("This is needed.");
  await page.getByRole("searchbox", { name: "Access to" }).fill("Host\\");
  const boxes = page.getByRole("checkbox");
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  await expect(page.getByText("2 chosen")).toBeVisible();
});

test("the panel of an event leaves the page to everybody when a link in it is followed", async () => {
  const page = await at("olga", `/audit?task=${encodeURIComponent("Host\\Get-DiskUsage")}&search=`);
  await page.getByRole("button", { name: "Task started" }).first().click();
  await expect(page.getByRole("dialog")).toContainText("ExecutionStarted");
  await page.getByRole("link", { name: "The whole entry" }).click();
  await expect(page.getByText("Hash in the ledger")).toBeVisible();
  await expect(page.getByRole("heading", { name: "What it hangs together with" })).toBeVisible();
  await page.goBack();
  // By roles: what is hidden from screen readers is not found.
  await expect(page.getByRole("button", { name: "Task started" }).first()).toBeVisible();
  await page.getByRole("button", { name: "Task started" }).first().click();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Task started" }).first()).toBeFocused();
});

test("a stretch of time is chosen by drawing over the histogram", async () => {
  const page = await at("olga", "/audit?search=");
  await page.getByText("Draw over a stretch").waitFor();
  const bars = page.locator("figure svg");
  const box = await bars.boundingBox();
  if (!box) throw new Error("the histogram is not drawn");
  await page.mouse.move(box.x + box.width * 0.9, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width - 2, box.y + 20, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=.*to=/);
  await expect(page.getByLabel("From", { exact: true })).not.toHaveValue("");
  await expect(page.getByRole("table")).toBeVisible();
});

test("a parameter's value is found, and everything is exported with progress", async () => {
  const page = await at("olga", "/audit");
  await page.getByRole("button", { name: "More filters" }).click();
  await page.getByLabel("Parameter", { exact: true }).fill("Path");
  await page.getByLabel("Value of the parameter").fill("/var");
  await page.getByRole("button", { name: "Search" }).click();
  await expect(page.getByRole("row", { name: /Task started/ }).first()).toBeVisible();
  await page.getByRole("button", { name: "Export" }).click();
  await page.getByRole("radio", { name: "JSON lines" }).check();
  const saved = page.waitForEvent("download");
  await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
  const file = await (await saved).path();
  await expect(page.getByText("The file is complete.")).toBeVisible();
  const lines = readFileSync(file, "utf8").trim().split("\n");
  expect(lines.some((line) => JSON.stringify(JSON.parse(line)).includes("ExecutionStarted"))).toBe(true);
  await accessible(page, "the export's dialog");
  const table = page.waitForEvent("download");
  await page.getByRole("radio", { name: "CSV", exact: true }).check();
  await page.getByRole("dialog").getByRole("button", { name: "Export" }).click();
  const csv = readFileSync(await (await table).path(), "utf8");
  // RFC 4180: the names of the columns, and for each event a line that begins with its place in the ledger.
  const [head = "", ...rows] = csv.trim().split(/\r?\n(?=\d+,)/);
  expect(head).toMatch(/^seq,time,/);
  expect(rows).toHaveLength(lines.filter((line) => "seq" in JSON.parse(line)).length);
  expect(rows.some((row) => row.includes("ExecutionStarted"))).toBe(true);
  await page.getByRole("dialog").getByRole("button", { name: "Close" }).click();
  // By role: the page belongs to screen readers again.
  await expect(page.getByRole("button", { name: "Export" })).toBeFocused();
});

test("the names of people in the audit log stay in one piece, and its rows come as one scrolls", async () => {
  const page = await at("olga", "/audit?search=");
  const first = page.getByRole("table").getByRole("row").nth(1);
  await first.waitFor();
  const before = await page.locator("tbody tr[role=row]").count();
  for (const name of await page.locator("tbody tr[role=row] td:nth-child(3) > span").all())
    expect(
      await name.evaluate((text) => text.getClientRects().length),
      (await name.textContent()) ?? "",
    ).toBe(1);
  for (let step = 0; step < 20; step += 1) {
    await page.mouse.wheel(0, 1_500);
    await page.waitForTimeout(50);
  }
  await expect
    .poll(() => page.getByRole("row").last().getAttribute("aria-rowindex").then(Number))
    .toBeGreaterThan(before + 1);
});

test("the whole ledger is verified in the browser, against a checkpoint that was kept", async () => {
  const page = await at("olga", "/ledger");
  const saved = page.waitForEvent("download");
  await page.getByRole("link", { name: "Download the checkpoint" }).click();
  const kept = await (await saved).path();
  await page.getByLabel("A checkpoint that you kept").setInputFiles(kept);
  await page.getByRole("button", { name: "Verify in this browser" }).click();
  await expect(page.getByText("The ledger is intact.")).toBeVisible();
  await expect(page.getByText(/entries of your checkpoint are still there/)).toBeVisible();
  await expect(page.getByText("The signature was checked.")).toBeVisible();
  const text = readFileSync(kept, "utf8");
  const forged = text.replace(/\n(\d+)\n/, (_, size: string) => `\n${Number(size) - 1}\n`);
  await page
    .getByLabel("A checkpoint that you kept")
    .setInputFiles({ name: "forged.txt", mimeType: "text/plain", buffer: Buffer.from(forged) });
  await page.getByRole("button", { name: "Verify in this browser" }).click();
  await expect(page.getByText("The checkpoint is not signed by this ledger's key.")).toBeVisible();
});

test("disabling says what it ends, and is asked for", async () => {
  const page = await at("ada", "/organization/disable");
  await expect(page.getByText(/It ends (\d+ authorizations?, \d+ pending|nothing)/)).toBeVisible();
  await page.getByRole("radio", { name: /Observe only/ }).check();
  await expect(page.getByText("This needs an approval.")).toBeVisible();
});

test("mail is tried, and times are shown in a zone of one's own", async () => {
  const page = await at("ada", "/organization");
  await page.getByRole("button", { name: "Send a test mail" }).click();
  await expect(page.getByText(/The mail server took it/)).toBeVisible();
  await page.goto(`${demonstration.url}/settings?tab=display`);
  await page.getByLabel("Show times in").selectOption("Asia/Tokyo");
  await expect(page.locator("time").first()).toContainText("GMT+9");
  await page.getByLabel("Show times in").selectOption("");
});
