import { describe, expect, it } from "vitest";
import { concerned } from "./live";

describe("changes", () => {
  it("reach the lists they concern", () => {
    expect(concerned("request")).toContain("requests");
    expect(concerned("authorization")).toContain("authorizations");
    expect(concerned("execution")).toContain("executions");
    expect(concerned("execution")).toContain("requests/one");
    expect(concerned("execution")).not.toContain("requests");
    expect(concerned("authorization")).toContain("take-backs");
  });
  it("of a noun that this page does not know reach everything", () => {
    expect(concerned("starship")).toBe("everything");
    expect(concerned("everything")).toBe("everything");
  });
  it("of the record alone ask for nothing", () => expect(concerned("audit-event")).toEqual([]));
});
