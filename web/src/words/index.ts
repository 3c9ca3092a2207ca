import type { en } from "./en";
import type { administration } from "./en/administration";
import { chosenLanguage, type Language, localeOf, preferred } from "./language";

/** Every text of the screens has a key; a language is a table of all of them, so a missing text does not compile. */
export type Key = keyof typeof en | keyof typeof administration;
export type Table = Record<keyof typeof en, string>;
/** What only some screens say. */
export type More = Record<keyof typeof administration, string>;

/** Each language is a script of its own, of which a browser fetches one. */
const TABLES: Record<Language, () => Promise<Table>> = {
  en: async () => (await import("./en")).en,
  de: async () => (await import("./de")).de,
};

/** The same for what no first screen says. */
const MORE: Record<Language, () => Promise<More>> = {
  en: async () => (await import("./en/administration")).administration,
  de: async () => (await import("./de/administration")).administration,
};

let table: (Table & Partial<More>) | null = null;
let spoken = "en-GB";
let tongue: Language = "en";
let plurals = new Intl.PluralRules(spoken);

/** Fetches a language. Nothing is drawn before. */
export async function speak(language?: Language): Promise<void> {
  tongue = language ?? chosenLanguage() ?? preferred(navigator.languages);
  spoken = localeOf(tongue, language ? [] : navigator.languages);
  plurals = new Intl.PluralRules(spoken);
  table = await TABLES[tongue]();
}

/** Fetches what only the screen says that is about to be shown. */
export async function speakMore(): Promise<void> {
  const more = await MORE[tongue]();
  table = { ...words(), ...more };
}

/** The language of the texts. */
export function language(): Language {
  return tongue;
}

/** The language with its region, by which dates and numbers are written. */
export function locale(): string {
  return spoken;
}

function words(): Table & Partial<More> {
  if (!table) throw new Error("no language was fetched yet");
  return table;
}

export function hasKey(key: string): boolean {
  return Object.hasOwn(words(), key);
}

/** The text of a key. `{name}` is filled in; with a `count`, the form `key.one` or `key.other` is taken where there is one. */
export function t(key: Key, values: Record<string, string | number> = {}): string {
  const form = typeof values.count === "number" ? `${key}.${plurals.select(values.count)}` : key;
  const text = words()[(hasKey(form) ? form : key) as Key];
  if (text === undefined)
    throw new Error(`the text of ${key} was not fetched: its screen is not one of those that fetch more`);
  return text.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    if (typeof value === "number") return new Intl.NumberFormat(spoken).format(value);
    return value ?? "";
  });
}

/** A number as the language writes it. */
export function count(value: number): string {
  return new Intl.NumberFormat(spoken).format(value);
}

/** The keys that begin so, for what is listed by its words. */
export function keysOf(prefix: string): string[] {
  return Object.keys(words()).filter((key) => key.startsWith(prefix));
}
