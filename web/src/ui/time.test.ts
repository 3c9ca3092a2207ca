import { describe, expect, it } from "vitest";
import { ago, both, span, until } from "./time";

describe("times", () => {
  it("names the reader's zone and UTC", () => {
    expect(both("2026-11-22T22:05:00Z", "Europe/Berlin")).toBe("22 Nov 2026, 23:05 CET (22:05 UTC)");
  });
  it("names the date twice where it differs", () => {
    expect(both("2026-11-22T23:05:00.25Z", "Europe/Berlin")).toBe(
      "23 Nov 2026, 00:05 CET (22 Nov 2026, 23:05 UTC)",
    );
  });
  it("says seconds where they count", () => {
    expect(both("2026-11-22T22:05:09.5Z", "Europe/Berlin", true)).toBe(
      "22 Nov 2026, 23:05:09 CET (22:05:09 UTC)",
    );
  });
  it("says UTC once", () => {
    expect(both("2026-11-22T22:05:00Z", "UTC")).toBe("22 Nov 2026, 22:05 UTC");
  });
  it("shows what is no instant as it is", () => expect(both("soon")).toBe("soon"));

  const spans: [number, string][] = [
    [0, "0 seconds"],
    [1, "1 second"],
    [59, "59 seconds"],
    [14_400, "4 hours"],
    [12_000, "3 hours 20 minutes"],
    [93_784, "1 day 2 hours"],
  ];
  for (const [seconds, words] of spans) it(`${seconds} s`, () => expect(span(seconds)).toBe(words));

  it("says how long ago something was, in whole units that are over", () => {
    expect(ago(-3)).toBe("0 seconds ago");
    expect(ago(59.9)).toBe("59 seconds ago");
    expect(ago(119)).toBe("1 minute ago");
    expect(ago(90_000)).toBe("1 day ago");
  });
  it("counts down", () => expect(until("2026-01-01T00:01:00Z", Date.UTC(2026, 0, 1))).toBe(60));
});
