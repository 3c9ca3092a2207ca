import type { Page } from "@playwright/test";

/** A screen: whose it is, where, and what has to be done to see it. */
export interface Screen {
  name: string;
  who: string;
  path: string;
  open?: (page: Page) => Promise<void>;
}

const next = (page: Page) => page.getByRole("button", { name: "Next" }).click();

/** Goes to a policy's wizard and on to its last page, with the terms that it begins with. */
export async function toReview(page: Page): Promise<void> {
  await page.getByRole("table").getByRole("link", { name: "Host\\Get-DiskUsage" }).click();
  await page.getByRole("link", { name: "Change" }).click();
  await page.getByRole("heading", { name: "Who approves" }).waitFor();
  await next(page);
  await page.getByLabel("Longest duration (hours)").fill("2");
  await next(page);
  await next(page);
  await page.getByRole("heading", { name: "What it will do" }).waitFor();
}

/** What administrators and auditors see. */
export const ADMINISTRATION: Screen[] = [
  { name: "policy-new", who: "ada", path: "/policies/new" },
  {
    name: "policy-new-approval",
    who: "ada",
    path: `/policies/new?task=${encodeURIComponent("Host\\Get-Uptime")}`,
    open: async (page) => {
      await next(page);
      await page.getByRole("heading", { name: "Who approves" }).waitFor();
      await page.getByRole("button", { name: "Add a stage" }).click();
    },
  },
  {
    name: "policy-new-limits",
    who: "ada",
    path: `/policies/new?task=${encodeURIComponent("Host\\Get-Uptime")}`,
    open: async (page) => {
      await next(page);
      await next(page);
      await page.getByLabel("Longest duration (hours)").waitFor();
    },
  },
  {
    name: "policy-new-conditions",
    who: "ada",
    path: `/policies/new?task=${encodeURIComponent("Host\\Get-Uptime")}`,
    open: async (page) => {
      await next(page);
      await next(page);
      await next(page);
      await page.getByRole("button", { name: "Add hours" }).click();
    },
  },
  {
    name: "policy-change-review",
    who: "ada",
    path: "/policies",
    open: async (page) => {
      await toReview(page);
      await page.getByRole("heading", { name: "Tried on the last 90 days of requests" }).waitFor();
    },
  },
  {
    name: "policy-remove",
    who: "ada",
    path: "/policies",
    open: async (page) => {
      await page.getByRole("table").getByRole("link", { name: "Host\\Get-DiskUsage" }).click();
      await page.getByRole("link", { name: "Remove" }).click();
      await page.getByRole("heading", { name: "Tried on the last 90 days of requests" }).waitFor();
    },
  },
  {
    name: "overview",
    who: "ada",
    path: "/overview",
    open: async (page) => {
      await page.locator("div[inert] svg rect").first().waitFor({ state: "attached" });
    },
  },
  {
    name: "standing-access",
    who: "ada",
    path: "/standing-access",
    open: async (page) => {
      await page.getByRole("heading", { name: "Who holds it" }).waitFor();
    },
  },
  {
    name: "native-access",
    who: "ada",
    path: "/native-access",
    open: async (page) => {
      await page.getByRole("heading", { name: "Where it can't be seen" }).waitFor();
    },
  },
  { name: "take-backs", who: "ada", path: "/take-backs" },
  {
    name: "runspaces",
    who: "ada",
    path: "/runspaces",
    open: async (page) => {
      await page.getByRole("table").waitFor();
    },
  },
  {
    name: "role",
    who: "ada",
    path: "/roles",
    open: async (page) => {
      await page.getByRole("table").getByRole("link", { name: "Host\\" }).first().click();
    },
  },
  {
    name: "role-group",
    who: "ada",
    path: "/role-groups",
    open: async (page) => {
      await page.getByRole("link", { name: "Host\\Host Operations" }).click();
      await page.getByRole("heading", { name: "Members" }).waitFor();
    },
  },
  {
    name: "who-could",
    who: "ada",
    path: "/tasks/Host/Get-DiskUsage",
    open: async (page) => {
      await page.getByRole("region", { name: "Who could run it, drawn" }).scrollIntoViewIfNeeded();
    },
  },
  {
    name: "audit-filters",
    who: "olga",
    path: "/audit",
    open: async (page) => {
      await page.getByRole("button", { name: "More filters" }).click();
      await page.getByLabel("Value of the parameter").fill("/var");
      await page.getByRole("button", { name: "Search" }).click();
      await page.getByText("Draw over a stretch").waitFor();
    },
  },
  {
    name: "audit-export",
    who: "olga",
    path: "/audit",
    open: async (page) => {
      await page.getByRole("button", { name: "Export" }).click();
      await page.getByRole("dialog").waitFor();
    },
  },
  {
    name: "ledger",
    who: "olga",
    path: "/ledger",
    open: async (page) => {
      await page.getByRole("button", { name: "Verify in this browser" }).click();
      await page.getByText("The ledger is intact.").waitFor();
    },
  },
  { name: "organization", who: "ada", path: "/organization" },
  {
    name: "organization-disable",
    who: "ada",
    path: "/organization/disable",
    open: async (page) => {
      await page.getByRole("button", { name: "Send request" }).waitFor();
    },
  },
  {
    name: "organization-change",
    who: "ada",
    path: "/organization/change",
    open: async (page) => {
      await page.getByLabel("Longest access (hours)").fill("12");
      await page.getByRole("button", { name: "Send request" }).waitFor();
    },
  },
  { name: "settings-tokens", who: "ada", path: "/settings?tab=tokens" },
  { name: "settings-display", who: "ada", path: "/settings?tab=display" },
];
