import { language } from "../words";
import type { Language } from "../words/language";
import type { en } from "./en";

/** The same shape, with texts of another language. */
type Like<T> = T extends string ? string : { readonly [K in keyof T]: Like<T[K]> };

export type Help = Like<typeof en>;
export type Topic = keyof Help;
export const TOPICS: Topic[] = ["requesters", "approvers", "packs", "microsoft"];

/** A part of a page: sentences, steps in order, or a table. */
export interface Part {
  title: string;
  text?: readonly string[];
  steps?: readonly string[];
  table?: { head: readonly string[]; rows: readonly (readonly string[])[] };
}

const PAGES: Record<Language, () => Promise<Help>> = {
  en: async () => (await import("./en")).en,
  de: async () => (await import("./de")).de,
};

/** The help pages in the language of the screens. */
export function fetchHelp(): Promise<Help> {
  return PAGES[language()]();
}
