import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { useState } from "react";
import { GatedAct } from "../acts/GatedAct";
import type { Organization } from "../api/shapes";
import { useFormStyles } from "../ui/form";
import { Section } from "../ui/Section";
import { t } from "../words";

type Way = "off" | "while" | "observe";
const WAYS: Way[] = ["while", "observe", "off"];

/** Three ways to disable privileged access. */
export function DisableForm({ done }: { of: Organization; done: () => void }) {
  const form = useFormStyles();
  const [way, setWay] = useState<Way>("while");
  const [hours, setHours] = useState("4");
  const whole = /^\d+$/.test(hours.trim()) && Number(hours) >= 1 && Number(hours) <= 168;
  const values = way === "observe" ? { Observe: true } : way === "while" ? { ForHours: Number(hours) } : {};
  return (
    <>
      <Section title={t("disable.how")}>
        <div className={form.form}>
          <RadioGroup
            aria-label={t("disable.how")}
            value={way}
            onChange={(_, data) => setWay(data.value as Way)}
          >
            {WAYS.map((one) => (
              <Radio
                key={one}
                value={one}
                label={
                  <>
                    <strong>{t(`disable.${one}`)}</strong>
                    <br />
                    {t(`disable.${one}.means`)}
                  </>
                }
              />
            ))}
          </RadioGroup>
          {way === "while" && (
            <Field
              label={t("disable.hours")}
              {...(whole
                ? {}
                : {
                    validationState: "error" as const,
                    validationMessage: t("parameters.between", { min: 1, max: 168 }),
                  })}
            >
              <Input
                type="number"
                min={1}
                max={168}
                value={hours}
                onChange={(_, data) => setHours(data.value)}
              />
            </Field>
          )}
          <p style={{ margin: 0 }}>{t("disable.always")}</p>
        </div>
      </Section>
      {(way !== "while" || whole) && (
        <Section title={t("act.effect")}>
          <GatedAct
            act={{ task: "Countersign\\Disable-ElevatedAccessControl", values }}
            save={t("settings.disable")}
            done={done}
          />
        </Section>
      )}
    </>
  );
}
