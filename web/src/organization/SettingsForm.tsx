import { Field, Input, Radio, RadioGroup } from "@fluentui/react-components";
import { useState } from "react";
import { GatedAct } from "../acts/GatedAct";
import type { Organization } from "../api/shapes";
import { GroupField } from "../policies/GroupField";
import { useFormStyles } from "../ui/form";
import { Section } from "../ui/Section";
import { t } from "../words";
import { changedValues, draftOf, NUMBERS } from "./settings";

/** Changes ceilings and defaults. */
export function SettingsForm({ of, done }: { of: Organization; done: () => void }) {
  const form = useFormStyles();
  const [before] = useState(() => draftOf(of));
  const [draft, setDraft] = useState(before);
  const values = changedValues(before, draft);
  const number = (name: keyof typeof NUMBERS) => (
    <Field
      key={name}
      label={t(`organization.${name}`)}
      hint={t("parameters.between", { min: NUMBERS[name][0], max: NUMBERS[name][1] })}
    >
      <Input
        type="number"
        min={NUMBERS[name][0]}
        max={NUMBERS[name][1]}
        value={draft[name]}
        onChange={(_, data) => setDraft({ ...draft, [name]: data.value })}
      />
    </Field>
  );
  return (
    <>
      <Section title={t("organization.defaults")}>
        <div className={form.form}>
          <GroupField
            label={t("settings.approvers")}
            hint={t("enable.group.hint")}
            value={draft.group}
            change={(group) => setDraft({ ...draft, group })}
            empty={t("wizard.choose")}
          />
          <Field label={t("settings.unprotected")}>
            <RadioGroup
              value={draft.unprotected}
              onChange={(_, data) => setDraft({ ...draft, unprotected: data.value })}
            >
              <Radio value="RoleHoldersRun" label={t("unprotected.role_holders_run")} />
              <Radio value="DefaultApproversDecide" label={t("unprotected.default_approvers_decide")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.secondFactor")}>
            <RadioGroup
              value={draft.factor}
              onChange={(_, data) => setDraft({ ...draft, factor: data.value })}
            >
              <Radio value="Required" label={t("requirement.required")} />
              <Radio value="NotRequired" label={t("requirement.not_required")} />
            </RadioGroup>
          </Field>
          {(Object.keys(NUMBERS) as (keyof typeof NUMBERS)[]).map(number)}
        </div>
      </Section>
      <Section title={t("act.effect")}>
        {values ? (
          <GatedAct
            act={{ task: "Countersign\\Set-OrganizationConfig", values }}
            save={t("settings.change")}
            done={done}
          />
        ) : (
          <p style={{ margin: 0 }}>{t("organization.nothing")}</p>
        )}
      </Section>
    </>
  );
}
