import { chmodSync, existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join as under } from "node:path";
import { type Browser, expect, type Page, test } from "@playwright/test";
import { Installation } from "./support/installation";
import { accessible, fits, join, watch } from "./support/pages";
import { Person } from "./support/person";

// What a task would do, seen before it is approved, and what it left that ends with the access: real tasks, real runs.
test.describe.configure({ mode: "serial" });

const installation = new Installation();
const ada = installation.ada;
const bob = new Person("bob");
const rita = new Person("rita");
const marks = under(installation.directory, "marks");
const note = under(marks, "note.txt");
const mark = under(marks, "mark");
/** What a file may hold to harm who looks at it: markup, a terminal's sequence, a character that turns text around. */
const HOSTILE = `<img src=x onerror="document.title='hacked'">\u001b[2J\u001b]0;title\u0007 safe\u202etxt.exe\n`;
const watched: string[][] = [];
let adas: Page;
let bobs: Page;
let ritas: Page;

async function window(browser: Browser, locale = "en-GB"): Promise<Page> {
  const page = await (await browser.newContext({ locale })).newPage();
  watched.push(watch(page));
  return page;
}

const run = (task: string, ...values: string[]) =>
  installation.cli(ada, ["run", `Countersign\\${task}`, ...values.flatMap((value) => ["-p", value])]);

const ask = async (who: Person, task: string, ...more: string[]) => {
  const printed = await installation.cli(who, [
    ...["request", "new", `Marks\\${task}`, "--reason", "for the test", "--duration", "1h"],
    ...more,
  ]);
  return /R-\d+/.exec(printed)?.[0] ?? "";
};

async function at(page: Page, path: string): Promise<void> {
  await page.goto(installation.url + path);
  await page.getByRole("heading", { level: 1 }).waitFor();
}

const card = (page: Page, name: string) => page.getByRole("region", { name, exact: true });

/** Usable by everybody, in light and dark, and on the smallest phone. */
async function sound(page: Page, name: string): Promise<void> {
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await accessible(page, `${name}, ${colorScheme}`);
  }
  await page.emulateMedia({ colorScheme: "light" });
  const before = page.viewportSize();
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page, `${name} at 360 px`);
  if (before) await page.setViewportSize(before);
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(600_000);
  await installation.open();
  mkdirSync(marks);
  // Whoever the runner is, the tasks of this test write here.
  chmodSync(marks, 0o777);
  writeFileSync(note, HOSTILE);
  chmodSync(note, 0o666);
  adas = await window(browser);
  await join(adas, installation.firstLink, ada);
  await installation.cli(
    ada,
    ["login", ada.upn, "--password-stdin", "--code", await ada.code()],
    `${ada.password}\n`,
  );
  for (const person of [bob, rita])
    await run("New-User", `UserPrincipalName=${person.upn}`, `DisplayName=${person.name}`);
  await run("New-Group", "Name=Approvers", "Mail=approvers@fabrikam.example");
  await installation.cli(ada, ["group", "add-member", "Approvers", ada.upn]);
  await installation.cli(ada, ["group", "add-member", "Approvers", bob.upn]);
  await installation.cli(ada, ["catalog", "apply", "e2e/packs/marks"]);
  await installation.cli(ada, ["role-group", "add-member", "Marks\\Marks Operations", rita.upn]);
  await run(
    "New-ElevatedAccessApprovalPolicy",
    "Task=Marks\\Clear-Note",
    "ApproverGroup=Approvers",
    "Approvers=2",
  );
  await run("New-ElevatedAccessApprovalPolicy", "Task=Marks\\New-Mark", "ApproverGroup=Approvers");
  bobs = await window(browser);
  await join(bobs, await installation.mailbox.link(bob.upn, /http:\S+#csi_\w+/), bob);
  await run("Enable-ElevatedAccessControl", "AdminGroup=Approvers");
  ritas = await window(browser);
  await join(ritas, await installation.mailbox.link(rita.upn, /http:\S+#csi_\w+/), rita);
  await installation.cli(
    rita,
    ["login", rita.upn, "--password-stdin", "--code", await rita.code()],
    `${rita.password}\n`,
  );
});

test.afterAll(async () => {
  await installation.close();
});

test.afterEach(() => {
  expect(watched.flat()).toEqual([]);
});

let asked = "";

test("an approver looks at what it would do, and the requester's page follows", async () => {
  asked = await ask(rita, "Clear-Note", "-p", `Path=${note}`);
  await at(ritas, `/requests/${asked}`);
  await at(bobs, `/requests/${asked}`);
  const bobsView = card(bobs, "What it would do");
  await expect(bobsView).toContainText("Nobody has looked yet.");
  await bobsView.getByRole("button", { name: "Show what it would do" }).click();
  for (const page of [bobs, ritas]) {
    const view = card(page, "What it would do");
    await expect(view).toContainText("Succeeded");
    await expect(view.getByRole("log", { name: "Standard output" })).toContainText("<img src=x");
    await expect(view).toContainText(/\d+ seconds? ago/);
    await expect(view).toContainText("bob");
  }
});

test("what a target shows stays text", async () => {
  const log = card(bobs, "What it would do").getByRole("log", { name: "Standard output" });
  await expect(log).toContainText("U+202E");
  await expect(log).not.toContainText("[2J");
  expect(await bobs.locator("img[src=x], [onerror]").count()).toBe(0);
  await expect(bobs).toHaveTitle(/ - Countersign$/);
  await sound(bobs, "a request with a preview");
});

test("the requester may look again, and one look at a time is made", async () => {
  writeFileSync(note, "something else by now\n");
  const view = card(ritas, "What it would do");
  await view.getByRole("button", { name: "Look again" }).dblclick();
  await expect(view.getByRole("log", { name: "Standard output" })).toContainText("something else by now");
  await expect(view).toContainText("rita");
  await expect(card(bobs, "What it would do")).toContainText("something else by now");
});

test("a preview of what the request said before says so", async () => {
  await bobs.getByRole("button", { name: "Approve for less…" }).click();
  await bobs.getByLabel("How many times at most").fill("1");
  await bobs.getByRole("button", { name: /^Approve for/ }).click();
  await expect(bobs.getByText("You have decided.")).toBeVisible();
  await at(adas, `/requests/${asked}`);
  await expect(card(adas, "What it would do")).toContainText("The request has changed since.");
  await sound(adas, "a preview of what was asked before");
  await card(adas, "What it would do").getByRole("button", { name: "Look again" }).click();
  await expect(card(adas, "What it would do")).not.toContainText("The request has changed since.");
});

test("who may run it looks with the values of the form, and running is no preview", async () => {
  await adas.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(adas.getByText("Approved.", { exact: true })).toBeVisible();
  await at(ritas, `/tasks/Marks/Clear-Note/run?request=${asked}`);
  await expect(ritas.getByLabel(/^Path/)).toHaveValue(note);
  await ritas.getByRole("button", { name: "Show what it would do" }).click();
  await expect(card(ritas, "What it would do")).toContainText("something else by now");
  await ritas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ritas).toHaveURL(/\/executions\/x-/);
  await expect(ritas.getByText("Succeeded").first()).toBeVisible();
});

test("a look that fails says that nobody knows, and one that is refused says why", async () => {
  const missing = await ask(rita, "Clear-Note", "-p", `Path=${under(marks, "nothing")}`);
  await at(bobs, `/requests/${missing}`);
  const view = card(bobs, "What it would do");
  await view.getByRole("button", { name: "Show what it would do" }).click();
  await expect(view).toContainText("The look failed, so nobody knows what it would do.");
  await expect(view.getByRole("log", { name: "Errors and messages" })).toContainText("No such file");
  await sound(bobs, "a preview that failed");
  // A page that hears of nothing asks for a look at what is over.
  await bobs.route("**/api/v1/requests/R-*", (route) =>
    route.request().method() === "GET" ? route.abort() : route.fallback(),
  );
  await installation.cli(rita, ["request", "cancel", missing]);
  await view.getByRole("button", { name: "Look again" }).click();
  await expect(view.getByRole("alert")).toContainText(/already_final|not_found/);
  await bobs.unroute("**/api/v1/requests/R-*");
});

test("a request that leaves a value open has nothing definite to show, and German says it too", async ({
  browser,
}) => {
  const open = await ask(rita, "Clear-Note");
  await at(bobs, `/requests/${open}`);
  await expect(card(bobs, "What it would do")).toContainText("leaves open what Path will be");
  await expect(bobs.getByRole("button", { name: "Show what it would do" })).toHaveCount(0);
  const page = await window(browser, "de-DE");
  await page.goto(`${installation.url}/requests/${open}`);
  await page.getByLabel("Anmeldename").fill(bob.upn);
  await page.getByLabel("Kennwort").fill(bob.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("textbox", { name: "Code" }).fill(await bob.code());
  await page.getByRole("button", { name: "Weiter" }).click();
  await expect(card(page, "Was sie tun würde")).toContainText("lässt offen, was Path sein wird");
  await sound(page, "a preview in German");
  await page.context().close();
});

test("what a run left is shown until the target says that it is gone", async () => {
  const number = await ask(rita, "New-Mark", "-p", `Path=${mark}`);
  await at(bobs, `/requests/${number}`);
  await expect(card(bobs, "What it would do")).toHaveCount(0);
  await bobs.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await installation.cli(rita, ["run", "Marks\\New-Mark", "-p", `Path=${mark}`]);
  expect(existsSync(mark)).toBe(true);
  await at(ritas, `/requests/${number}`);
  await expect(card(ritas, "Ends with the access")).toContainText("Is taken back when the access ends");
  await at(ritas, "/");
  await expect(card(ritas, "Still to be taken back")).toContainText("Marks\\New-Mark");
  await sound(ritas, "home with something to be taken back");

  // What lies in it keeps it from going.
  const kept = under(mark, "kept");
  writeFileSync(kept, "");
  await at(ritas, `/requests/${number}`);
  await ritas.getByRole("button", { name: "Give back" }).click();
  await ritas.getByRole("dialog").getByRole("button", { name: "Give back" }).click();
  await expect(card(ritas, "Ends with the access")).toContainText(/\d+ (try|tries) did not succeed/);
  await at(adas, "/take-backs");
  const row = adas.getByRole("row", { name: /New-Mark/ });
  await expect(row).toContainText("Not taken back yet");
  await expect(row).toContainText("tried next");
  await sound(adas, "what is to be taken back");
  await at(adas, "/overview");
  await expect(adas.getByText("1 is overdue")).toBeVisible();

  rmSync(kept);
  await expect(card(ritas, "Ends with the access")).toHaveCount(0, { timeout: 60_000 });
  expect(existsSync(mark)).toBe(false);
  await at(adas, "/take-backs");
  await expect(adas.getByText("Nothing is to be taken back.")).toBeVisible();
});

test("who could do the same natively is looked at by an ordinary run, and who may not is told why", async () => {
  await at(ritas, "/native-access");
  const view = card(ritas, "Who holds the power of Marks natively");
  await expect(view).toContainText("You have not looked here yet.");
  await view.getByRole("button", { name: "Look now" }).click();
  await expect(view.getByRole("log", { name: "Standard output" })).toContainText("root:x:0:");
  await expect(view).toContainText("Succeeded");
  await at(adas, "/standing-access");
  await adas.getByRole("link", { name: "Who could do the same natively" }).click();
  const hers = card(adas, "Who holds the power of Marks natively");
  await expect(hers).toContainText("You have not looked here yet.");
  await hers.getByRole("button", { name: "Look now" }).click();
  await expect(hers.getByRole("alert")).toContainText("role_required");
  await sound(adas, "native access");
});
