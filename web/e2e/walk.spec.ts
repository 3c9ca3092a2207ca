import { type Browser, devices, expect, type Page, test } from "@playwright/test";
import { Installation, run } from "./support/installation";
import { accessible, act, choose, fits, join, signIn, watch } from "./support/pages";
import { Person } from "./support/person";

// From an empty organization to a task that was asked for, approved and run, in the browser, with real mails.
test.describe.configure({ mode: "serial" });

const installation = new Installation();
const ada = installation.ada;
const bob = new Person("bob");
const rita = new Person("rita");
let adas: Page;
let bobs: Page;
let ritas: Page;

async function window(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  watchAll(page);
  return page;
}

const watched: string[][] = [];
function watchAll(page: Page): void {
  watched.push(watch(page));
}

test.beforeAll(async () => {
  await installation.open();
});

test.afterAll(async () => {
  await installation.close();
});

test.afterEach(() => {
  expect(watched.flat()).toEqual([]);
});

test("the first administrator uses the link, and sets up a second factor", async ({ browser }) => {
  adas = await window(browser);
  await join(adas, installation.firstLink, ada);
  await expect(adas.getByRole("heading", { name: "Set up privileged access" })).toBeVisible();
  await accessible(adas, "the set-up checklist");
});

test("people are added, and join by the links in their mails", async ({ browser }) => {
  for (const person of [bob, rita]) {
    await act(adas, installation.url, "New-User", async (page) => {
      await page.getByLabel("Sign-in name").fill(person.upn);
      await page.getByRole("textbox", { name: "Name", exact: true }).fill(person.name);
    });
  }
  bobs = await window(browser);
  await join(bobs, await installation.mailbox.link(bob.upn, /http:\S+#csi_\w+/), bob);
  ritas = await window(browser);
  await join(ritas, await installation.mailbox.link(rita.upn, /http:\S+#csi_\w+/), rita);
});

test("an approver group is made", async () => {
  await act(adas, installation.url, "New-Group", async (page) => {
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Approvers");
    await page.getByLabel(/Mail/).fill("approvers@fabrikam.example");
  });
  await act(adas, installation.url, "Add-GroupMember", async (page) => {
    await choose(page, /^Group/, "Approvers");
    await page.getByLabel(/People/).click();
    await page.getByRole("menuitemcheckbox", { name: /ada@/ }).click();
    await page.getByRole("menuitemcheckbox", { name: /bob@/ }).click();
    await page.keyboard.press("Escape");
  });
  await adas.goto(`${installation.url}/groups`);
  await expect(adas.getByRole("row", { name: /Approvers/ })).toContainText("2");
});

test("the home page leads on: members for the only group, then where tasks come from", async () => {
  await adas.goto(installation.url);
  await expect(adas.getByRole("link", { name: "Add members" })).toHaveAttribute(
    "href",
    "/tasks/Countersign/Add-GroupMember/run?Identity=Approvers",
  );
  await adas.getByRole("link", { name: "How to bring in tasks" }).click();
  await expect(adas.getByRole("heading", { level: 1, name: "Bringing in tasks" })).toBeFocused();
  await accessible(adas, "the help on task packs");
});

/** What somebody may write who means ill: markup, a change of direction, characters that can't be seen. */
const MARKUP = "<img src=x onerror=\"document.title='hacked'\">'&{{7*7}}";
const HOSTILE = `${MARKUP}\u202egnp.exe\u200b`;

test("names that hide something are refused, and markup in them is a name like any other", async () => {
  await adas.goto(`${installation.url}/tasks/Countersign/New-User/run`);
  await adas.getByLabel("Sign-in name").fill("mallory@fabrikam.example");
  await adas.getByRole("textbox", { name: "Name", exact: true }).fill(HOSTILE);
  await adas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(adas.getByRole("alert")).toContainText("U+202E");
  await adas.goto(`${installation.url}/tasks/Countersign/New-Group/run`);
  await adas
    .getByRole("textbox", { name: "Name", exact: true })
    .fill("<script>document.title='hacked'</script>");
  await adas.getByLabel(/Mail/).fill("hostile@fabrikam.example");
  await adas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(adas.getByRole("alert")).toContainText("is not allowed");
  await act(adas, installation.url, "New-User", async (page) => {
    await page.getByLabel("Sign-in name").fill("mallory@fabrikam.example");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(MARKUP);
  });
});

test("tasks come from a pack, and one gets a policy", async () => {
  await installation.cli(
    ada,
    ["login", ada.upn, "--password-stdin", "--code", await ada.code()],
    `${ada.password}\n`,
  );
  await installation.cli(ada, ["catalog", "apply", "../packs/linux-host"]);
  await installation.cli(ada, ["role-group", "add-member", "Host\\Host Operations", rita.upn]);
  for (const task of ["Host\\Get-DiskUsage", "Host\\Start-LongCheck"]) {
    await act(adas, installation.url, "New-ElevatedAccessApprovalPolicy", async (page) => {
      await choose(page, /^Task$/, task);
      await choose(page, /^Approver group/, "Approvers");
    });
  }
  await adas.goto(`${installation.url}/policies`);
  await expect(adas.getByRole("row", { name: /Get-DiskUsage/ })).toContainText("never the requester");
});

test("privileged access is enabled", async () => {
  await act(adas, installation.url, "Enable-ElevatedAccessControl", async (page) => {
    await choose(page, /^Default approver group/, "Approvers");
  });
  await adas.goto(installation.url);
  await expect(adas.getByRole("heading", { name: "Set up privileged access" })).toHaveCount(0);
});

test("rita is refused, told what to do, and asks", async () => {
  await ritas.goto(`${installation.url}/tasks/Host/Get-DiskUsage/run`);
  await ritas.getByLabel(/^Path/).fill("/");
  await ritas.getByRole("button", { name: "Run", exact: true }).click();
  const refusal = ritas.getByRole("alert");
  await expect(refusal).toContainText(
    "Insufficient permissions. Please raise an elevated access request for this task.",
  );
  await expect(refusal).toContainText("authorization_required");
  await refusal.getByRole("link", { name: "Request access with these parameters" }).click();
  await expect(ritas.getByLabel(/^Path/)).toHaveValue("/");
  await expect(ritas.getByText("never the requester")).toBeVisible();
  await ritas.getByLabel(/^Comments/).fill("the disk is filling up");
  await accessible(ritas, "the request form");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-1$/);
  await expect(ritas.getByText("Waiting for approval.")).toBeVisible();
});

test("bob approves on the phone, from the mail's link, in under ten taps", async ({ browser }) => {
  const link = await installation.mailbox.link(bob.upn, /http:\S+\/requests\/(R-)?1\b/);
  const phone = await (
    await browser.newContext({ ...devices["Pixel 7"], viewport: { width: 390, height: 844 } })
  ).newPage();
  watchAll(phone);
  let taps = 0;
  await phone.exposeFunction("tapped", () => {
    taps += 1;
  });
  await phone.addInitScript("addEventListener('pointerdown', () => window.tapped(), true)");
  await phone.goto(link);
  await accessible(phone, "the sign-in on a phone");
  await phone.getByLabel("Sign-in name").tap();
  await phone.keyboard.type(bob.upn);
  await phone.getByLabel("Password").tap();
  await phone.keyboard.type(bob.password);
  await phone.getByRole("button", { name: "Sign in" }).tap();
  await phone.getByLabel("Code").tap();
  await phone.keyboard.type(await bob.code());
  await phone.getByRole("button", { name: "Continue" }).tap();
  await expect(phone.getByRole("heading", { name: "Access request R-1" })).toBeVisible();
  await expect(phone.getByText("the disk is filling up")).toBeVisible();
  await expect(phone.getByTestId("parameters")).toContainText('"/"');
  await fits(phone, "the request on a phone");
  await accessible(phone, "the request on a phone");
  await phone.getByRole("button", { name: "Approve", exact: true }).tap();
  await expect(phone.getByText("Approved.", { exact: true })).toBeVisible();
  expect(taps).toBeLessThan(10);
  expect(taps).toBeGreaterThan(4);
  await phone.context().close();
});

test("rita's page follows, she is mailed, and runs it", async () => {
  await expect(ritas.getByText("Active").first()).toBeVisible();
  await installation.mailbox.mail(rita.upn, "R-1");
  await ritas.getByRole("link", { name: "Run", exact: true }).click();
  await expect(ritas.getByLabel(/^Path/)).not.toBeEditable();
  await ritas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ritas).toHaveURL(/\/executions\/x-/);
  await expect(ritas.getByText("Succeeded").first()).toBeVisible();
  await expect(ritas.getByRole("log", { name: "Standard output" })).toContainText("%");
  await accessible(ritas, "a run");
});

test("more time is a request of its own, filled in like the first", async () => {
  await ritas.goto(`${installation.url}/requests/R-1`);
  await ritas.getByRole("link", { name: "Extend" }).click();
  await expect(ritas.getByText("Asks for more time after R-1")).toBeVisible();
  await expect(ritas.getByLabel(/^Path/)).toHaveValue("/");
});

test("a denial says why", async () => {
  await ritas.goto(
    `${installation.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
  );
  await ritas.getByLabel(/^Path/).fill("/root");
  await ritas.getByLabel(/^Comments/).fill("curious");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-2$/);
  await bobs.goto(`${installation.url}/approvals`);
  await bobs.getByRole("link", { name: "R-2" }).click();
  await bobs.getByRole("button", { name: "Deny" }).click();
  await expect(bobs.getByText("Say why you deny.")).toBeVisible();
  await bobs.getByLabel(/^Comment/).fill("not without a ticket");
  await bobs.getByRole("button", { name: "Deny" }).click();
  await expect(bobs.getByText("Denied by")).toBeVisible();
  await expect(ritas.getByText("not without a ticket")).toBeVisible();
});

test("approving for less, then revoking what runs", async () => {
  await ritas.goto(
    `${installation.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Start-LongCheck")}`,
  );
  await ritas.getByLabel(/^Seconds/).fill("300");
  await ritas.getByLabel(/^Comments/).fill("a long check");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-3$/);
  await bobs.goto(`${installation.url}/requests/R-3`);
  await bobs.getByRole("button", { name: "Approve for less…" }).click();
  await bobs.getByLabel("For how long instead").selectOption({ label: "1 hour" });
  await bobs.getByRole("button", { name: "Approve for 1 hour" }).click();
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await ritas.getByRole("link", { name: "Run", exact: true }).click();
  await ritas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ritas.getByText("Running").first()).toBeVisible();
  await bobs.getByRole("button", { name: "Revoke" }).click();
  const dialog = bobs.getByRole("dialog");
  await dialog.getByLabel(/^Comment/).fill("stop this");
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(bobs.getByText("Revoked").first()).toBeVisible();
  await expect(ritas.getByText("Stopped").first()).toBeVisible();
  await expect(ritas.getByText("The access was revoked")).toBeVisible();
});

test("hostile text in every field stays text, and changes nothing on any screen", async () => {
  await ritas.goto(
    `${installation.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
  );
  await ritas.getByLabel(/^Path/).fill("/var");
  await ritas.getByLabel(/^Comments/).fill(HOSTILE);
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  const request = new URL(ritas.url()).pathname;
  await expect(ritas.getByText("U+202E").first()).toBeVisible();
  await expect(ritas.getByText("<img src=x").first()).toBeVisible();
  await bobs.goto(installation.url + request);
  await bobs.getByLabel("Ask the requester something").fill(HOSTILE);
  await bobs.getByRole("button", { name: "Ask", exact: true }).click();
  await ritas.getByLabel("Your answer").fill(HOSTILE);
  await ritas.getByRole("button", { name: "Answer", exact: true }).click();
  await expect(bobs.getByText(/^Answer by/)).toBeVisible();
  await bobs.getByLabel("Comment", { exact: true }).fill(HOSTILE);
  await bobs.getByRole("button", { name: "Deny" }).click();
  await expect(ritas.getByText("Denied by")).toBeVisible();

  const screens: [Page, string[]][] = [
    [
      ritas,
      ["/", "/requests", request, "/requests/new", "/executions", "/tasks", "/roles", "/settings", "/help"],
    ],
    [bobs, ["/", request, "/approvals"]],
    [
      adas,
      [
        ...["/people", "/groups", "/policies", "/role-groups", "/settings"],
        ...["/tasks/Countersign/New-Group/run", "/tasks/Host/Get-DiskUsage"],
        `/audit?search=&text=${encodeURIComponent("<img")}`,
        "/audit?search=",
      ],
    ],
  ];
  for (const [page, paths] of screens) {
    for (const path of paths) {
      await page.goto(installation.url + path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await page.waitForFunction(() => document.querySelector('[role="progressbar"]') === null);
      for (const field of await page.locator("input[type=text], input[type=search], textarea").all()) {
        if ((await field.isVisible()) && (await field.isEditable())) await field.fill(HOSTILE);
      }
      const made = await page.evaluate(
        () => document.querySelectorAll("img[src=x], [onerror], body script:not([src])").length,
      );
      expect(made, path).toBe(0);
      await expect(page, path).toHaveTitle(/ - Countersign$/);
      await expect(page, path).not.toHaveTitle(/hacked/);
      await fits(page, `${path} with hostile text`);
    }
  }
  await adas.goto(`${installation.url}/people`);
  await expect(adas.getByText("<img src=x").first()).toBeVisible();
});

test("access expires while its page is open, and what runs is stopped", async () => {
  await installation.cli(
    rita,
    ["login", rita.upn, "--password-stdin", "--code", await rita.code()],
    `${rita.password}\n`,
  );
  await installation.cli(rita, [
    ...["request", "new", "Host\\Start-LongCheck", "-p", "Seconds=300"],
    ...["--reason", "a short while", "--duration", "20s"],
  ]);
  await bobs.goto(`${installation.url}/approvals`);
  await bobs.getByRole("table").getByRole("link").first().click();
  await expect(bobs.getByText("a short while")).toBeVisible();
  await bobs.getByRole("button", { name: "Approve", exact: true }).click();
  await expect(bobs.getByText("Approved.", { exact: true })).toBeVisible();
  await ritas.goto(new URL(bobs.url()).href);
  await expect(ritas.getByText(/seconds? left/)).toBeVisible();
  await ritas.getByRole("link", { name: "Run", exact: true }).click();
  await ritas.getByRole("button", { name: "Run", exact: true }).click();
  await expect(ritas.getByText("Running").first()).toBeVisible();
  await expect(ritas.getByText("Stopped").first()).toBeVisible();
  await expect(ritas.getByText(/The time was over|It had run as long as it may/)).toBeVisible();
  await expect(bobs.getByText("Expired").first()).toBeVisible();
  await expect(bobs.getByRole("button", { name: "Revoke" })).toHaveCount(0);
});

test("who prefers German is spoken to in German, and can choose", async ({ browser }) => {
  await ritas.goto(
    `${installation.url}/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
  );
  await ritas.getByLabel(/^Path/).fill("/usr");
  await ritas.getByLabel(/^Comments/).fill("auf Deutsch");
  await ritas.getByRole("button", { name: "Send request" }).click();
  await expect(ritas).toHaveURL(/\/requests\/R-\d+$/);
  const page = await (await browser.newContext({ locale: "de-DE" })).newPage();
  watchAll(page);
  await page.goto(ritas.url());
  await expect(page.getByRole("heading", { name: "Anmelden" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "de");
  await accessible(page, "the sign-in in German");
  await page.getByLabel("Anmeldename").fill(bob.upn);
  await page.getByLabel("Kennwort").fill(bob.password);
  await page.getByRole("button", { name: "Anmelden" }).click();
  await page.getByRole("textbox", { name: "Code" }).fill(await bob.code());
  await page.getByRole("button", { name: "Weiter" }).click();
  await expect(page.getByRole("heading", { name: /^Zugriffsanforderung R-/ })).toBeVisible();
  await expect(page.getByText("4 Stunden").first()).toBeVisible();
  await accessible(page, "a request in German");
  await page.getByRole("button", { name: "Genehmigen", exact: true }).click();
  await expect(page.getByText("Genehmigt.", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: /^Konto von/ }).click();
  await page.getByRole("menuitemradio", { name: "English" }).click();
  await expect(page.getByText("Approved.", { exact: true })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("lang", "en");
  await page.reload();
  await expect(page.getByText("Approved.", { exact: true })).toBeVisible();
  await page.context().close();
});

test("the control plane needs an approval too", async () => {
  await adas.goto(`${installation.url}/tasks/Countersign/New-Group/run`);
  await adas.getByRole("textbox", { name: "Name", exact: true }).fill("Others");
  await adas.getByLabel(/Mail/).fill("others@fabrikam.example");
  await adas.getByRole("button", { name: "Run", exact: true }).click();
  await adas.getByRole("alert").getByRole("link", { name: "Request access with these parameters" }).click();
  await expect(adas.getByRole("textbox", { name: "Name", exact: true })).toHaveValue("Others");
});

test("the audit log is searched, and the search is in it", async () => {
  await adas.goto(`${installation.url}/audit`);
  await adas.getByLabel("Task").fill("Host\\Get-DiskUsage");
  await adas.getByRole("button", { name: "Search" }).click();
  await expect(adas.getByRole("row", { name: /Task started/ }).first()).toBeVisible();
  await adas.getByRole("button", { name: "Task started" }).first().click();
  await expect(adas.getByRole("dialog")).toContainText("ExecutionStarted");
  await accessible(adas, "the audit log");
  await adas.getByRole("link", { name: "The whole entry" }).click();
  await expect(adas.getByText("Hash in the ledger")).toBeVisible();
  await expect(adas.getByText('"type": "ExecutionStarted"')).toBeVisible();
  await adas.goto(`${installation.url}/audit`);
  await adas.getByLabel("Task").fill("");
  await adas.getByRole("button", { name: "Search" }).click();
  await expect(adas.getByRole("row", { name: /Audit log read/ }).first()).toBeVisible();
});

test("who signed out everywhere comes back to the same page", async () => {
  await ritas.goto(`${installation.url}/settings`);
  await expect(ritas.getByRole("table", { name: "Where you are signed in" })).toContainText("This browser");
  await ritas.getByRole("button", { name: "Sign out everywhere" }).click();
  await signIn(ritas, rita);
  await expect(ritas.getByRole("heading", { level: 1, name: "Settings" })).toBeVisible();
});

test("the ledger of all this is whole, and everything in it justified", async () => {
  const printed = await run(["ledger", "verify", "--data-dir", installation.data]);
  // What is not justified ends it with a fault, which would have been thrown.
  expect(printed).toMatch(/judged\s+\d+ requests/);
  expect(printed).toContain("entries were hashed");
});

test("when the server goes, the pages say that they are stale, and recover by themselves", async () => {
  await ritas.goto(`${installation.url}/requests`);
  await expect(ritas.getByRole("row", { name: /R-1\b/ })).toBeVisible();
  await installation.stop();
  await expect(ritas.getByText("What you see may be out of date")).toBeVisible();
  await installation.start();
  await expect(ritas.getByText("What you see may be out of date")).toHaveCount(0);
  await expect(ritas.getByRole("row", { name: /R-1\b/ })).toBeVisible();
});
