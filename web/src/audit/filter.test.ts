import { describe, expect, it } from "vitest";
import { asQuery, exportPath, fromAddress } from "./filter";

describe("the audit log's filter", () => {
  it("is read from the address, without what is empty or unknown", () => {
    expect(fromAddress(new URLSearchParams("text=disk&task=&cursor=9&outcome=denied"))).toEqual({
      text: "disk",
      outcome: "denied",
    });
  });
  it("gives instants", () => {
    expect(asQuery({ from: "2026-11-22T10:00Z", to: "never" })).toEqual({ from: "2026-11-22T10:00:00.000Z" });
  });
  it("is the export's as well", () => {
    expect(exportPath({ text: "a b" }, "csv")).toBe("/api/v1/audit/export?text=a+b&format=csv");
  });
});
