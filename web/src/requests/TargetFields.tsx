import { Combobox, Dropdown, Field, Option } from "@fluentui/react-components";
import { useState } from "react";
import type { TargetType } from "../api/shapes";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { t } from "../words";
import { type Choice, fits } from "./targets";

const TYPES: TargetType[] = ["Task", "Role", "Role Group"];
const MOST = 60;

/** Type, Scope and Access to. */
export function TargetFields({
  choices,
  type,
  name,
  change,
}: {
  choices: Choice[];
  type: TargetType;
  name: string;
  change: (type: TargetType, name: string) => void;
}) {
  const form = useFormStyles();
  const [scope, setScope] = useState("");
  const [typing, setTyping] = useState<string | null>(null);
  const ofType = choices.filter((choice) => choice.type === type);
  const workloads = [...new Set(ofType.map((choice) => choice.workload))].sort();
  const chosen = ofType.find((choice) => choice.name === name);
  const here = chosen?.workload ?? scope;
  const matching = ofType
    .filter((choice) => (here === "" || choice.workload === here) && fits(choice, typing ?? ""))
    .sort((a, b) => Number(b.asked) - Number(a.asked) || a.name.localeCompare(b.name))
    .slice(0, MOST);
  const label = (choice: Choice) => (choice.title ? `${choice.title} (${choice.name})` : choice.name);
  return (
    <div className={form.form}>
      <Field label={t("request.type")}>
        <Dropdown
          value={t(`type.${type}`)}
          selectedOptions={[type]}
          onOptionSelect={(_, data) => change((data.optionValue ?? "Task") as TargetType, "")}
        >
          {TYPES.map((one) => (
            <Option key={one} value={one}>
              {t(`type.${one}`)}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field label={t("request.scope")}>
        <Dropdown
          value={here === "" ? t("request.scope.all") : here}
          selectedOptions={[here]}
          onOptionSelect={(_, data) => {
            setScope(data.optionValue ?? "");
            change(type, "");
          }}
        >
          <Option value="" text={t("request.scope.all")}>
            {t("request.scope.all")}
          </Option>
          {workloads.map((workload) => (
            <Option key={workload} value={workload}>
              {visible(workload)}
            </Option>
          ))}
        </Dropdown>
      </Field>
      <Field label={t("request.access")} hint={t("request.access.hint")} required>
        <Combobox
          placeholder={t("request.access.placeholder")}
          value={typing ?? (chosen ? visible(label(chosen)) : name)}
          selectedOptions={chosen ? [chosen.name] : []}
          onInput={(event) => setTyping(event.currentTarget.value)}
          onBlur={() => setTyping(null)}
          onOptionSelect={(_, data) => {
            setTyping(null);
            if (data.optionValue) change(type, data.optionValue);
          }}
        >
          {matching.map((choice) => (
            <Option key={choice.name} value={choice.name} text={visible(label(choice))}>
              <span>
                {visible(label(choice))}
                {!choice.asked && <> · {t("request.access.open")}</>}
              </span>
            </Option>
          ))}
          {matching.length === 0 && <Option disabled>{t("request.access.none")}</Option>}
        </Combobox>
      </Field>
    </div>
  );
}
