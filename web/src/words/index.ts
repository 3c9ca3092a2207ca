import { en } from "./en";

/** Every text of the screens has a key here; a second language is a second table of the same keys. */
export type Key = keyof typeof en;

const table: Record<Key, string> = en;
const language = "en-GB";
const plurals = new Intl.PluralRules(language);

export function locale(): string {
  return language;
}

export function hasKey(key: string): boolean {
  return Object.hasOwn(table, key);
}

/** The text of a key. `{name}` is filled in; with a `count`, the form `key.one` or `key.other` is taken where there is one. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const form = typeof values.count === "number" ? `${key}.${plurals.select(values.count)}` : key;
  const text = table[(hasKey(form) ? form : key) as Key];
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value === "number") return new Intl.NumberFormat(language).format(value);
    return value ?? "";
  });
}

/** A number as the language writes it. */
export function count(value: number): string {
  return new Intl.NumberFormat(language).format(value);
}

/** All keys, for what is listed by its words. */
export const KEYS = Object.keys(table) as Key[];
