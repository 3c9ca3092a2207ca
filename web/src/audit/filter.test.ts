import { describe, expect, it } from "vitest";
import { asQuery, exportPath, fromAddress, local, toAddress } from "./filter";

describe("the audit log's filter", () => {
  it("is read from the address, without what is empty or unknown", () => {
    expect(fromAddress(new URLSearchParams("text=disk&task=&cursor=9&outcome=denied"))).toEqual({
      text: "disk",
      outcome: "denied",
    });
  });
  it("comes back from the address that it is put into", () => {
    const filter = { text: "a b", parameter: "Path", value: "/var log" };
    expect(fromAddress(toAddress({ ...filter, code: " " }))).toEqual(filter);
  });
  it("gives instants", () => {
    expect(asQuery({ from: "2026-11-22T10:00Z", to: "never" })).toEqual({ from: "2026-11-22T10:00:00.000Z" });
  });
  it("looks for a parameter's value by words", () => {
    expect(asQuery({ parameter: "Path", value: "/var" })).toEqual({ text: "Path=/var" });
    expect(asQuery({ text: "disk", parameter: "Note", value: "a longer one" })).toEqual({
      text: 'disk "Note=a longer one"',
    });
    expect(asQuery({ parameter: "Note", value: 'x" other="y' })).toEqual({ text: '"Note=x  other= y"' });
    expect(asQuery({ parameter: "Path" })).toEqual({});
    expect(asQuery({ value: "/var" })).toEqual({ text: "/var" });
  });
  it("is the export's as well", () => {
    expect(exportPath({ text: "a b" }, "csv")).toBe("/api/v1/audit/export?text=a+b&format=csv");
  });
  it("writes local times as the fields read them", () => {
    const instant = new Date("2026-11-22T10:00:07Z");
    expect(new Date(local(instant)).getTime()).toBe(instant.getTime());
  });
});
