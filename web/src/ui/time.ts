import { locale } from "../words";

const SECOND = 1000;

/** Making a format costs far more than using one, and long lists use the same few. */
const made = new Map<string, Intl.DateTimeFormat>();

function format(language: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = language + JSON.stringify(options);
  const there = made.get(key);
  if (there) return there;
  const format = new Intl.DateTimeFormat(language, options);
  made.set(key, format);
  return format;
}

function parts(instant: Date, zone: string | undefined, withDate: boolean, seconds: boolean) {
  return format(locale(), {
    ...(withDate ? { day: "numeric", month: "short", year: "numeric" } : {}),
    hour: "2-digit",
    minute: "2-digit",
    ...(seconds ? { second: "2-digit" } : {}),
    hourCycle: "h23",
    timeZone: zone,
    timeZoneName: "short",
  }).format(instant);
}

/** An instant in the reader's zone, and in UTC where that differs. */
export function both(text: string, zone?: string, seconds = false): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) return text;
  const plain = (of: string | undefined) =>
    format("en", { timeZone: of, dateStyle: "short", timeStyle: "short" }).format(instant);
  const [here, there] = [plain(zone), plain("UTC")];
  if (here === there) return parts(instant, "UTC", true, seconds);
  const otherDay = here.split(",")[0] !== there.split(",")[0];
  return `${parts(instant, zone, true, seconds)} (${parts(instant, "UTC", otherDay, seconds)})`;
}

const counted = new Map<string, Intl.NumberFormat>();

function count(unit: string, value: number): string {
  const key = locale() + unit;
  const there = counted.get(key);
  const format = there ?? new Intl.NumberFormat(locale(), { style: "unit", unit, unitDisplay: "long" });
  if (!there) counted.set(key, format);
  return format.format(value);
}

const relative = new Map<string, Intl.RelativeTimeFormat>();

/** A length of time in words of at most two units: `3 hours 20 minutes`. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const units: [number, string][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
    [1, "second"],
  ];
  let rest = whole;
  const said: string[] = [];
  for (const [size, unit] of units) {
    const times = Math.floor(rest / size);
    if (times === 0 || said.length === 2) continue;
    rest -= times * size;
    said.push(count(unit, times));
  }
  return said.length === 0 ? count("second", 0) : said.join(" ");
}

/** How long ago something was, in its largest whole unit: `3 minutes ago`. */
export function ago(seconds: number): string {
  const passed = Math.max(0, Math.floor(seconds));
  const key = `${locale()}ago`;
  const format = relative.get(key) ?? new Intl.RelativeTimeFormat(locale(), { numeric: "always" });
  relative.set(key, format);
  const units: [number, Intl.RelativeTimeFormatUnit][] = [
    [86_400, "day"],
    [3_600, "hour"],
    [60, "minute"],
  ];
  for (const [size, unit] of units)
    if (passed >= size) return format.format(-Math.floor(passed / size), unit);
  return format.format(-passed, "second");
}

/** Seconds from now until an instant; negative once it is over. */
export function until(text: string, now: number): number {
  return (new Date(text).getTime() - now) / SECOND;
}
