import { type Browser, expect, type Page, test } from "@playwright/test";
import { Installation } from "./support/installation";
import { accessible, fits, join, watch } from "./support/pages";

// A policy that says everything a policy can say is opened in the wizard and left as it is: the real server reads what
// the wizard would save, and finds what was there before.
const installation = new Installation();
const { ada } = installation;
const watched: string[][] = [];

async function window(browser: Browser): Promise<Page> {
  const page = await (await browser.newContext()).newPage();
  watched.push(watch(page));
  return page;
}

test.beforeAll(async () => {
  await installation.open();
});

test.afterAll(async () => {
  await installation.close();
});

interface Terms {
  limits: Record<string, unknown>;
}

test("a policy that is opened and saved unchanged says the same", async ({ browser }) => {
  const page = await window(browser);
  await join(page, installation.firstLink, ada);
  await installation.cli(
    ada,
    ["login", ada.upn, "--password-stdin", "--code", await ada.code()],
    `${ada.password}\n`,
  );
  const run = (task: string, ...values: string[]) =>
    installation.cli(ada, ["run", `Countersign\\${task}`, ...values.flatMap((value) => ["-p", value])]);
  await installation.cli(ada, ["catalog", "apply", "e2e/packs/marks"]);
  for (const name of ["bob", "cyd", "dan"])
    await run("New-User", `UserPrincipalName=${name}@fabrikam.example`, `DisplayName=${name}`);
  for (const [group, members] of [
    ["Deciders", ["bob", "cyd"]],
    ["Owners", ["ada", "dan"]],
  ] as const) {
    await run("New-Group", `Name=${group}`, `Mail=${group.toLowerCase()}@fabrikam.example`);
    for (const name of members)
      await installation.cli(ada, ["group", "add-member", group, `${name}@fabrikam.example`]);
  }
  const window_ = { zone: "Europe/Berlin", days: ["mon", "sun"], from: "22:00", until: "06:00" };
  await run(
    "New-ElevatedAccessApprovalPolicy",
    ...["Task=Marks\\Clear-Note", "Stages=Deciders:1", "Stages=Owners:1", "RequesterGroup=Owners"],
    ...["MaximumDuration=90m", "MaximumUses=3", "Parallel=2", "Rate=5/100m", "BindParameters=Path"],
    ...["TicketPattern=CHG-#+", "MinimumAssurance=SignedStatement", "Freshness=90s"],
    ...[`Windows=${JSON.stringify([window_])}`, "ApproveForLess=false"],
  );
  await page.goto(`${installation.url}/policies`);
  await page.getByRole("table").getByRole("link", { name: "Marks\\Clear-Note" }).click();
  const before = await page.evaluate(async () => {
    const { items } = await (await fetch("/api/v1/policies")).json();
    return items[0].terms as Terms;
  });
  expect(before.limits.rate).toEqual({ count: 5, per: 6_000_000_000 });
  await page.getByRole("link", { name: "Change" }).click();
  await expect(page.getByRole("radio", { name: "With a signed statement" })).toBeChecked();
  await expect(page.getByText("Nobody can sign in so here yet")).toBeVisible();
  await expect(page.getByLabel("How recently, at most (minutes)")).toHaveValue("90s");
  await expect(page.getByLabel("Approvers may grant less")).not.toBeChecked();
  await accessible(page, "who approves");
  await page.getByRole("button", { name: "Next" }).click();
  await expect(page.getByLabel("Longest duration (hours)")).toHaveValue("90m");
  await expect(page.getByLabel("Within (hours)")).toHaveValue("100m");
  await accessible(page, "limits");
  await page.setViewportSize({ width: 360, height: 740 });
  await fits(page, "limits at 360 px");
  await page.setViewportSize({ width: 1280, height: 720 });
  await page.getByRole("button", { name: "Next" }).click();
  const tried = page.waitForResponse((answer) => answer.url().endsWith("/policies/try"));
  await page.getByRole("button", { name: "Next" }).click();
  const trial = (await (await tried).json()) as { refusal: unknown; policies: { terms: Terms }[] };
  expect(trial.refusal).toBeNull();
  expect(trial.policies[0]?.terms).toEqual(before);
  await expect(page.getByText("It asks for the same as now.")).toBeVisible();
  expect(watched.flat()).toEqual([]);
});
