import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { t } from "../words";
import { GroupField } from "./GroupField";
import type { StepProps } from "./Wizard";

/** Who may ask, for how long, and how often. */
export function LimitsStep({ draft, change, faults }: StepProps) {
  const number = (name: "hours" | "uses" | "parallel", max: number) => (
    <Field
      label={t(`wizard.${name}`)}
      hint={t(`wizard.${name}.hint`)}
      {...(faults[name]
        ? {
            validationState: "error" as const,
            validationMessage: `${t(`fault.${faults[name] ?? "range"}`)} ${t("parameters.between", { min: 1, max })}`,
          }
        : {})}
    >
      <Input
        type="number"
        min={1}
        max={max}
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
      {number("hours", 720)}
      {number("uses", 1_000_000)}
      {number("parallel", 100)}
    </>
  );
}
