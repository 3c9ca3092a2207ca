import { AxeBuilder } from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import type { Person } from "./person";

/** Collects what the page's policy refused and what failed in its scripts: nothing of either may happen. */
export function watch(page: Page): string[] {
  const wrong: string[] = [];
  page.on("pageerror", (error) => wrong.push(`fault: ${error.message}`));
  page.on("console", (message) => {
    const text = message.text();
    if (/Content.Security.Policy|Refused to/i.test(text)) wrong.push(text);
  });
  return wrong;
}

/** Sets the first password by the link of a mail, which signs in as well, and sets up a second factor. */
export async function join(page: Page, link: string, person: Person): Promise<void> {
  await page.goto(link);
  await page.getByRole("textbox", { name: "New password", exact: true }).fill(person.password);
  await page.getByLabel("New password again").fill(person.password);
  await page.getByRole("button", { name: "Set password" }).click();
  await page.getByRole("button", { name: "Set up an authenticator" }).click();
  person.enrolled((await page.getByTestId("totp-secret").textContent()) ?? "");
  await page.getByLabel("The code that the app shows now").fill(await person.code());
  await page.getByRole("button", { name: "Confirm" }).click();
  await expect(page.getByRole("heading", { name: "Keep these recovery codes" })).toBeVisible();
  await page.getByRole("button", { name: "I have kept them" }).click();
  await expect(page.getByRole("heading", { level: 1, name: /Welcome/ })).toBeVisible();
}

/** Signs in at whatever page is open. */
export async function signIn(page: Page, person: Person): Promise<void> {
  await page.getByLabel("Sign-in name").fill(person.upn);
  await page.getByLabel("Password").fill(person.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  // A code that was used elsewhere a moment ago is refused; the next one is not.
  for (let tries = 0; tries < 3; tries += 1) {
    await page.getByRole("textbox", { name: "Code" }).fill(await person.code());
    // The answer to this very code: what the page still shows may be said of the one before.
    const answered = page.waitForResponse(
      (answer) => answer.url().includes("/sessions") && answer.request().method() === "POST",
    );
    await page.getByRole("button", { name: "Continue" }).click();
    if ((await answered).ok()) return await expect(page.getByRole("banner")).toBeVisible();
  }
  throw new Error(`no code of ${person.name} was right`);
}

/** Whether a screen can be used by everybody (WCAG 2.2 A and AA). */
export async function accessible(page: Page, name: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    // What Fluent puts around groups that arrow keys walk through: it takes the focus only to pass it on.
    .exclude("[data-tabster-dummy]")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const told = violations.map(
    (violation) =>
      `${violation.id}: ${violation.nodes.map((node) => `${node.target.join(" ")} ${node.failureSummary}`).join("; ")}`,
  );
  expect(told, name).toEqual([]);
}

/** Whether nothing stands out at the side. */
export async function fits(page: Page, name: string): Promise<void> {
  const over = () =>
    page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  // What floats above the page finds its new place a moment after the window got its new width.
  await expect.poll(over, { message: `${name} is wider than the screen` }).toBeLessThanOrEqual(0);
}

/** Types into a field that offers things, and takes the one that fits. */
export async function choose(page: Page, field: RegExp, text: string): Promise<void> {
  const box = page.getByRole("combobox", { name: field });
  await box.click();
  await box.fill(text);
  await page.getByRole("option", { name: text }).first().click();
}

/** Runs one of Countersign's own tasks by its form. */
export async function act(
  page: Page,
  base: string,
  task: string,
  fill: (page: Page) => Promise<void>,
): Promise<void> {
  await page.goto(`${base}/tasks/Countersign/${task}/run`);
  await expect(page.getByRole("button", { name: "Run", exact: true })).toBeVisible();
  await fill(page);
  await page.getByRole("button", { name: "Run", exact: true }).click();
  await expect(page).toHaveURL(/\/executions\/x-/);
  await expect(page.getByText("Succeeded").first()).toBeVisible();
}
