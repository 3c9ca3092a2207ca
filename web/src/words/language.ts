/** The languages that the pages speak. Each has a folder beside this file. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];

/** What the languages call themselves. */
export const NAMES: Record<Language, string> = { en: "English", de: "Deutsch" };
/** Whose dates and numbers are used where the browser says nothing nearer. */
const USUAL: Record<Language, string> = { en: "en-GB", de: "de-DE" };
const KEY = "language";

function known(tag: string | null): Language | undefined {
  const primary = tag?.split("-", 1)[0]?.toLowerCase();
  return LANGUAGES.find((language) => language === primary);
}

/** The first of the browser's languages that the pages speak. */
export function preferred(tags: readonly string[]): Language {
  for (const tag of tags) {
    const language = known(tag);
    if (language) return language;
  }
  return "en";
}

/** How dates and numbers are written: as the browser says for this language, with its region, or as is usual in it. */
export function localeOf(language: Language, tags: readonly string[]): string {
  return tags.find((tag) => tag.includes("-") && known(tag) === language) ?? USUAL[language];
}

/** What was chosen in this browser; null where it goes by the browser's own preference. */
export function chosenLanguage(): Language | null {
  return known(localStorage.getItem(KEY)) ?? null;
}

/** Keeps a choice and begins anew: texts are looked up once, when a screen is loaded. */
export function chooseLanguage(language: Language | null): void {
  if (language) localStorage.setItem(KEY, language);
  else localStorage.removeItem(KEY);
  location.reload();
}
