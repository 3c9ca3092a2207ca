import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { ago, both, span } from "../ui/time";
import { speak, speakMore, t } from ".";
import { de } from "./de";
import { administration as verwaltung } from "./de/administration";
import { en } from "./en";
import { administration } from "./en/administration";
import { localeOf, preferred } from "./language";

describe("words", () => {
  it("fill in what they are given", () => {
    expect(t("app.title", { page: "Home" })).toBe("Home - Countersign");
  });
  it("say what was not fetched", async () => {
    expect(() => t("wizard.lead")).toThrow("not fetched");
    await speakMore();
    expect(t("wizard.next")).toBe("Next");
  });
  it("count", () => {
    expect(t("home.waits", { count: 1 })).toBe("1 request waits for your decision");
    expect(t("home.waits", { count: 1200 })).toBe("1,200 requests wait for your decision");
  });
});

const english: Record<string, string> = { ...en, ...administration };

describe.each([
  ["English", english],
  ["German", { ...de, ...verwaltung }],
])("%s", (_, table: Record<string, string>) => {
  it("has both forms wherever it has one", () => {
    for (const key of Object.keys(table).filter((key) => key.endsWith(".one"))) {
      expect(table, key).toHaveProperty([key.replace(/\.one$/, ".other")]);
      expect(table, key).toHaveProperty([key.replace(/\.one$/, "")]);
    }
  });
  it("is never empty", () => {
    for (const [key, text] of Object.entries(table)) expect(text.trim(), key).not.toBe("");
  });
  it("fills in the same things as English", () => {
    const holes = (text = "") => [...new Set(text.match(/\{\w+\}/g) ?? [])].sort();
    for (const [key, text] of Object.entries(table)) expect(holes(text), key).toEqual(holes(english[key]));
  });
});

describe("refusals", () => {
  // The codes as the gate has them: one that is added there is to be said here, in every language.
  const source = readFileSync("../crates/core/src/refusal.rs", "utf8");
  const codes = [...source.matchAll(/^ {4}\w+ = "([a-z_]+)";$/gm)].map(([, code]) => `code.${code}`);
  it("have a title each", () => {
    expect(codes.length).toBeGreaterThan(50);
    expect(codes.filter((code) => !(code in en))).toEqual([]);
  });
});

describe("the language", () => {
  it("is the first of the browser's that the pages speak", () => {
    expect(preferred(["fr-FR", "de-AT", "en"])).toBe("de");
    expect(preferred(["fr"])).toBe("en");
    expect(preferred(["dex", "en-US"])).toBe("en");
  });
  it("brings the browser's region for dates and numbers", () => {
    expect(localeOf("de", ["en-US", "de-AT"])).toBe("de-AT");
    expect(localeOf("de", ["en-US", "de"])).toBe("de-DE");
  });
});

describe("German", () => {
  afterAll(() => speak("en"));
  it("is spoken with its own numbers and dates", async () => {
    await speak("de");
    expect(t("home.waits", { count: 1200 })).toBe("1.200 Anforderungen warten auf Ihre Entscheidung");
    expect(span(12_000)).toBe("3 Stunden 20 Minuten");
    expect(ago(3 * 86_400)).toBe("vor 3 Tagen");
    expect(both("2026-11-22T22:05:00Z", "Europe/Berlin")).toMatch(
      /^22\. Nov\. 2026, 23:05 MEZ \(22:05 UTC\)$/,
    );
  });
});
