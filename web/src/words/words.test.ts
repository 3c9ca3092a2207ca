import { describe, expect, it } from "vitest";
import { t } from ".";
import { en } from "./en";

describe("words", () => {
  it("fill in what they are given", () => {
    expect(t("app.title", { page: "Home" })).toBe("Home - Countersign");
  });
  it("count", () => {
    expect(t("home.waits", { count: 1 })).toBe("1 request waits for your decision");
    expect(t("home.waits", { count: 1200 })).toBe("1,200 requests wait for your decision");
  });
  it("have both forms wherever they have one", () => {
    for (const key of Object.keys(en).filter((key) => key.endsWith(".one"))) {
      expect(en, key).toHaveProperty([key.replace(/\.one$/, ".other")]);
      expect(en, key).toHaveProperty([key.replace(/\.one$/, "")]);
    }
  });
  it("are never empty", () => {
    for (const [key, text] of Object.entries(en)) expect(text.trim(), key).not.toBe("");
  });
});
