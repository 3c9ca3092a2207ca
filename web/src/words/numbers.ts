import { locale } from ".";

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

/** A number of bytes, rounded to what people say: `1.5 MB`. */
export function bytes(count: number): string {
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 };
  return new Intl.NumberFormat(locale(), {
    style: "unit",
    unit: UNITS[unit] ?? "byte",
    unitDisplay: unit === 0 ? "long" : "short",
    ...digits,
  }).format(value);
}

/** A number as it is written here. */
export function number(value: number): string {
  return new Intl.NumberFormat(locale()).format(value);
}
