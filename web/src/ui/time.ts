import { locale } from "../words";

const SECOND = 1000;

function parts(instant: Date, zone: string | undefined, withDate: boolean) {
  return new Intl.DateTimeFormat(locale(), {
    ...(withDate ? { day: "numeric", month: "short", year: "numeric" } : {}),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone: zone,
    timeZoneName: "short",
  }).format(instant);
}

/** An instant in the reader's zone, and in UTC where that differs. */
export function both(text: string, zone?: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) return text;
  const here = parts(instant, zone, true);
  const offset = (of: string | undefined) =>
    new Intl.DateTimeFormat("en", { timeZone: of, dateStyle: "short", timeStyle: "short" }).format(instant);
  if (offset(zone) === offset("UTC")) return parts(instant, "UTC", true);
  return `${here} (${parts(instant, "UTC", offset(zone).split(",")[0] !== offset("UTC").split(",")[0])})`;
}

/** A length of time in words of at most two units: `3 hours 20 minutes`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const units: [number, Intl.NumberFormatOptions["unit"]][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  let rest = whole;
  const said: string[] = [];
  for (const [size, unit] of units) {
    const count = Math.floor(rest / size);
    if (count === 0 || said.length === 2) continue;
    rest -= count * size;
    said.push(new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" }).format(count));
  }
  return said.length === 0
    ? new Intl.NumberFormat(locale(), { style: "unit", unit: "second", unitDisplay: "long" }).format(0)
    : said.join(" ");
}

/** Seconds from now until an instant; negative once it is over. */
export function until(text: string, now: number): number {
  return (new Date(text).getTime() - now) / SECOND;
}
