import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { t } from "../words";
import { GroupField } from "./GroupField";
import type { StepProps } from "./Wizard";

/** Who may ask, for how long, and how often. */
export function LimitsStep({ draft, change, faults }: StepProps) {
  const field = (
    name: "hours" | "uses" | "parallel" | "rate" | "ratePer",
    what: { max: number } | { unit: string },
  ) => (
    <Field
      label={t(`wizard.${name}`)}
      hint={t(`wizard.${name}.hint`)}
      {...(faults[name]
        ? {
            validationState: "error" as const,
            validationMessage: `${t(`fault.${faults[name] ?? "range"}`)} ${
              "max" in what
                ? t("parameters.between", { min: 1, max: what.max })
                : t("wizard.length", { unit: what.unit })
            }`,
          }
        : {})}
    >
      <Input
        {...("max" in what ? { type: "number" as const, min: 1, max: what.max } : {})}
        value={draft[name]}
        onChange={(_, data) => change({ [name]: data.value })}
      />
    </Field>
  );
  return (
    <>
      <Field label={t("wizard.requesters")}>
        <RadioGroup
          value={draft.requesters}
          onChange={(_, data) => change({ requesters: data.value as "role" | "group" | "everyone" })}
        >
          <Radio value="role" label={t("wizard.requesters.role")} />
          <Radio value="group" label={t("wizard.requesters.group")} />
          <Radio value="everyone" label={t("wizard.requesters.everyone")} />
        </RadioGroup>
      </Field>
      {draft.requesters === "group" && (
        <GroupField
          label={t("wizard.requesterGroup")}
          value={draft.requesterGroup}
          change={(requesterGroup) => change({ requesterGroup })}
          empty={t("wizard.choose")}
          fault={faults.requesterGroup && t("fault.required")}
        />
      )}
      {field("hours", { unit: t("wizard.hours.unit") })}
      {field("uses", { max: 1_000_000 })}
      {field("parallel", { max: 100 })}
      {field("rate", { max: 1_000_000 })}
      {field("ratePer", { unit: t("wizard.hours.unit") })}
    </>
  );
}
