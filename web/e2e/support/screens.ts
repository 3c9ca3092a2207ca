import type { Page } from "@playwright/test";
import { ADMINISTRATION } from "./administration";
import type { Demonstration } from "./installation";
import { signIn } from "./pages";
import type { Person } from "./person";

/** A screen: whose it is, and where; `open` makes it what it is called. */
export interface Screen {
  name: string;
  who: string;
  path: string;
  open?: (page: Page) => Promise<void>;
}

/** Every screen of the demonstration. */
export const SCREENS: Screen[] = [
  { name: "home-requester", who: "rita", path: "/" },
  { name: "home-approver", who: "bob", path: "/" },
  { name: "home-administrator", who: "ada", path: "/" },
  { name: "requests", who: "rita", path: "/requests" },
  {
    name: "request-new",
    who: "rita",
    path: `/requests/new?type=Task&name=${encodeURIComponent("Host\\Get-DiskUsage")}`,
    open: async (page) => {
      await page.getByText("never the requester").waitFor();
    },
  },
  { name: "request-new-empty", who: "rita", path: "/requests/new" },
  { name: "request-live", who: "rita", path: "/requests/R-1" },
  { name: "request-denied", who: "rita", path: "/requests/R-2" },
  { name: "approvals", who: "bob", path: "/approvals" },
  {
    name: "request-to-decide",
    who: "bob",
    path: "/approvals",
    open: async (page) => {
      await page.getByRole("table").getByRole("link").first().click();
      await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
    },
  },
  {
    name: "request-to-decide-for-less",
    who: "bob",
    path: "/approvals",
    open: async (page) => {
      await page.getByRole("table").getByRole("link").first().click();
      await page.getByRole("button", { name: "Approve for less…" }).click();
      await page.getByLabel("How many times at most").waitFor();
    },
  },
  {
    name: "approvals-several",
    who: "bob",
    path: "/approvals",
    open: async (page) => {
      // Two were opened by the screens before this one; here they are opened again, so that it stands alone.
      for (const place of [0, 1]) {
        await page.getByRole("table").getByRole("link").nth(place).click();
        await page.getByRole("button", { name: "Approve", exact: true }).waitFor();
        await page.goBack();
        await page.getByRole("table").waitFor();
      }
      for (const box of await page.getByRole("checkbox").all()) if (await box.isEnabled()) await box.check();
      await page.getByRole("button", { name: /^Approve \d/ }).waitFor();
    },
  },
  {
    name: "request-new-role",
    who: "rita",
    path: `/requests/new?type=Role&name=${encodeURIComponent("Host\\Host Readers")}`,
    open: async (page) => {
      await page.getByText(/Opens \d+ task/).waitFor();
    },
  },
  { name: "run", who: "rita", path: "/tasks/Host/Get-DiskUsage/run?request=R-1" },
  {
    name: "run-refused",
    who: "rita",
    path: "/tasks/Host/Start-LongCheck/run",
    open: async (page) => {
      await page.getByLabel(/^Seconds/).fill("5");
      await page.getByRole("button", { name: "Run", exact: true }).click();
      await page.getByRole("alert").waitFor();
    },
  },
  { name: "executions", who: "rita", path: "/executions" },
  {
    name: "execution",
    who: "rita",
    path: "/executions",
    open: async (page) => {
      await page.getByRole("link", { name: "Host\\Get-DiskUsage" }).first().click();
      await page.getByRole("log").first().waitFor();
    },
  },
  { name: "tasks", who: "rita", path: "/tasks" },
  { name: "task", who: "ada", path: "/tasks/Host/Get-DiskUsage" },
  { name: "policies", who: "ada", path: "/policies" },
  {
    name: "policy",
    who: "ada",
    path: "/policies",
    open: async (page) => {
      await page.getByRole("table").getByRole("link").first().click();
      await page.getByRole("heading", { name: "Versions" }).waitFor();
    },
  },
  { name: "people", who: "ada", path: "/people" },
  {
    name: "person",
    who: "ada",
    path: "/people",
    open: async (page) => {
      await page.getByRole("link", { name: "rita" }).click();
      await page.getByRole("heading", { name: "About this person" }).waitFor();
    },
  },
  { name: "groups", who: "ada", path: "/groups" },
  {
    name: "group",
    who: "ada",
    path: "/groups",
    open: async (page) => {
      await page.getByRole("link", { name: "Deciders" }).click();
      await page.getByRole("heading", { name: "Members", exact: true }).waitFor();
    },
  },
  { name: "roles", who: "ada", path: "/roles" },
  { name: "role-groups", who: "ada", path: "/role-groups" },
  { name: "audit-empty", who: "olga", path: "/audit" },
  {
    name: "audit",
    who: "olga",
    path: `/audit?task=${encodeURIComponent("Host\\Get-DiskUsage")}&search=`,
    open: async (page) => {
      await page.getByRole("table").waitFor();
    },
  },
  {
    name: "audit-entry",
    who: "olga",
    path: "/audit/8",
    open: async (page) => {
      await page.getByText("Hash in the ledger").waitFor();
    },
  },
  {
    name: "audit-event",
    who: "olga",
    path: `/audit?task=${encodeURIComponent("Host\\Get-DiskUsage")}&search=`,
    open: async (page) => {
      await page.getByRole("button", { name: "Task started" }).first().click();
      await page.getByRole("dialog").waitFor();
    },
  },
  ...ADMINISTRATION,
  { name: "settings", who: "ada", path: "/settings" },
  { name: "second-factor", who: "rita", path: "/second-factor" },
  { name: "help", who: "rita", path: "/help" },
  { name: "help-requesters", who: "rita", path: "/help/requesters" },
  { name: "help-approvers", who: "rita", path: "/help/approvers" },
  { name: "help-packs", who: "ada", path: "/help/packs" },
  {
    name: "help-microsoft",
    who: "rita",
    path: "/help/microsoft",
    open: async (page) => {
      await page.getByText("not affiliated with").waitFor();
    },
  },
  {
    name: "account-menu",
    who: "rita",
    path: "/",
    open: async (page) => {
      await page.getByRole("button", { name: /^Account of/ }).click();
      await page.getByRole("menuitem", { name: "Sign out" }).waitFor();
    },
  },
  { name: "not-found", who: "rita", path: "/nothing/here" },
];

/** What goes wrong: what is not there or not shown, and a server that does not answer. */
export const FAULTS: Screen[] = [
  {
    name: "fault-not-shown",
    who: "rita",
    path: "/requests/R-9999",
    open: async (page) => {
      await page.getByRole("alert").waitFor();
    },
  },
  {
    name: "fault-unreachable",
    who: "rita",
    path: "/requests",
    open: async (page) => {
      await page.route("**/api/v1/executions?*", (route) => route.abort());
      await page.getByRole("link", { name: "Executions" }).first().click();
      await page.getByRole("alert").waitFor();
      await page.unroute("**/api/v1/executions?*");
    },
  },
];

/** Screens of an organization in which nothing has happened yet. */
export const EMPTY: Screen[] = [
  { name: "empty-home", who: "ada", path: "/" },
  { name: "empty-requests", who: "ada", path: "/requests" },
  { name: "empty-approvals", who: "ada", path: "/approvals" },
  { name: "empty-executions", who: "ada", path: "/executions" },
  { name: "empty-policies", who: "ada", path: "/policies" },
  { name: "empty-groups", who: "ada", path: "/groups" },
  { name: "empty-settings", who: "ada", path: "/settings" },
];

/** What waits for a decision, so that the approvals are not empty. */
export async function ask(demonstration: Demonstration): Promise<void> {
  const rita = demonstration.person("rita");
  for (const [path, reason] of [
    ["/srv", "the backup volume reports 92 %"],
    ["/home", "moving the users to the new disk"],
  ]) {
    await demonstration.cli(rita, [
      "request",
      "new",
      "Host\\Get-DiskUsage",
      "-p",
      `Path=${path}`,
      "--reason",
      reason ?? "",
      "--duration",
      "4h",
    ]);
  }
}

/** Where screens are shown: an address, and who is known there. */
export interface Place {
  url: string;
  person(name: string): Person;
}

/** One signed-in window per person. */
export class Windows {
  private readonly open = new Map<string, Page>();

  constructor(
    private readonly at: Place,
    private readonly make: () => Promise<Page>,
  ) {}

  async of(name: string): Promise<Page> {
    const there = this.open.get(name);
    if (there) return there;
    const page = await this.make();
    await page.goto(this.at.url);
    await signIn(page, this.at.person(name));
    this.open.set(name, page);
    return page;
  }

  /** A screen, loaded and quiet. */
  async show(screen: Screen): Promise<Page> {
    const page = await this.of(screen.who);
    await page.goto(this.at.url + screen.path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await screen.open?.(page);
    await page.waitForFunction(() => document.querySelector('[role="progressbar"]') === null);
    return page;
  }
}
