import { Field, Radio, RadioGroup, Select } from "@fluentui/react-components";
import { type Appearance, setAppearance, useAppearance } from "../app/appearance";
import { LanguageChoice } from "../app/LanguageChoice";
import { browserZone, setZone, useZone, zones } from "../app/zone";
import { Section } from "../ui/Section";
import { Time } from "../ui/Time";
import { t } from "../words";

/** How the pages look to this person in this browser. */
export function Display() {
  const chosen = useAppearance();
  const zone = useZone();
  return (
    <>
      <Section title={t("appearance.title")}>
        <RadioGroup
          aria-label={t("appearance.title")}
          value={chosen}
          onChange={(_, data) => setAppearance(data.value as Appearance)}
        >
          <Radio value="system" label={t("appearance.system")} />
          <Radio value="light" label={t("appearance.light")} />
          <Radio value="dark" label={t("appearance.dark")} />
        </RadioGroup>
      </Section>
      <Section title={t("language.title")}>
        <LanguageChoice />
      </Section>
      <Section title={t("zone.title")}>
        <Field label={t("zone.field")} hint={t("zone.hint")}>
          <Select value={zone ?? ""} onChange={(_, data) => setZone(data.value || undefined)}>
            <option value="">{t("zone.browser", { zone: browserZone() })}</option>
            {zones().map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </Select>
        </Field>
        <p>
          <Time at={new Date().toISOString()} />
        </p>
      </Section>
    </>
  );
}
