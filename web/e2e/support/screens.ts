import type { Page } from "@playwright/test";
import { ADMINISTRATION } from "./administration";
import type { Demonstration } from "./installation";
import { signIn } from "./pages";

/** Every screen of the demonstration: whose it is, and where. `{…}` is found on the list before it. */
export const SCREENS: { name: string; who: string; path: string; open?: (page: Page) => Promise<void> }[] = [
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
  { name: "not-found", who: "rita", path: "/nothing/here" },
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

/** One signed-in window per person. */
export class Windows {
  private readonly open = new Map<string, Page>();

  constructor(
    private readonly demonstration: Demonstration,
    private readonly make: () => Promise<Page>,
  ) {}

  async of(name: string): Promise<Page> {
    const there = this.open.get(name);
    if (there) return there;
    const page = await this.make();
    await page.goto(this.demonstration.url);
    await signIn(page, this.demonstration.person(name));
    this.open.set(name, page);
    return page;
  }

  /** A screen, loaded and quiet. */
  async show(screen: (typeof SCREENS)[number]): Promise<Page> {
    const page = await this.of(screen.who);
    await page.goto(this.demonstration.url + screen.path);
    await page.getByRole("heading", { level: 1 }).waitFor();
    await screen.open?.(page);
    await page.waitForFunction(() => document.querySelector('[role="progressbar"]') === null);
    return page;
  }
}
