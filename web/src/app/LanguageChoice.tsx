import { Radio, RadioGroup } from "@fluentui/react-components";
import { t } from "../words";
import { chooseLanguage, chosenLanguage, LANGUAGES, type Language, NAMES } from "../words/language";

/** In which language the pages speak to this browser. */
export function LanguageChoice() {
  return (
    <RadioGroup
      aria-label={t("language.title")}
      value={chosenLanguage() ?? "system"}
      onChange={(_, data) => chooseLanguage(data.value === "system" ? null : (data.value as Language))}
    >
      <Radio value="system" label={t("language.system")} />
      {LANGUAGES.map((language) => (
        <Radio key={language} value={language} label={<span lang={language}>{NAMES[language]}</span>} />
      ))}
    </RadioGroup>
  );
}
