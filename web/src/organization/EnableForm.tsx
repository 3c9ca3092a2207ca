import { Field, Radio, RadioGroup } from "@fluentui/react-components";
import { useState } from "react";
import { GatedAct } from "../acts/GatedAct";
import type { Organization } from "../api/shapes";
import { useGroups } from "../policies/choices";
import { GroupField } from "../policies/GroupField";
import { useFormStyles } from "../ui/form";
import { Section } from "../ui/Section";
import { t } from "../words";

/** Puts approval policies into force: who decides by default, and what holds where nothing else is said. */
export function EnableForm({ of, done }: { of: Organization; done: () => void }) {
  const form = useFormStyles();
  const groups = useGroups();
  const [chosen, setGroup] = useState<string | null>(of.default_approvers?.name ?? null);
  // Where only one group has the two people it takes, nobody has to look for it.
  const able = (groups.data?.items ?? []).filter((group) => group.people >= 2);
  const group = chosen ?? (able.length === 1 ? (able[0]?.name ?? "") : "");
  const [unprotected, setUnprotected] = useState(
    of.settings.unprotected === "default_approvers_decide" ? "DefaultApproversDecide" : "RoleHoldersRun",
  );
  const [plane, setPlane] = useState("Protected");
  const [factor, setFactor] = useState("Required");
  const values = {
    AdminGroup: group,
    UnprotectedTasks: unprotected,
    ControlPlane: plane,
    SecondFactor: factor,
  };
  return (
    <>
      <Section title={t("organization.defaults")}>
        <div className={form.form}>
          <GroupField
            label={t("settings.approvers")}
            hint={t("enable.group.hint")}
            value={group}
            change={setGroup}
            empty={t("wizard.choose")}
          />
          <Field label={t("settings.unprotected")}>
            <RadioGroup value={unprotected} onChange={(_, data) => setUnprotected(data.value)}>
              <Radio value="RoleHoldersRun" label={t("unprotected.role_holders_run")} />
              <Radio value="DefaultApproversDecide" label={t("unprotected.default_approvers_decide")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.controlPlane")} hint={t("enable.plane.hint")}>
            <RadioGroup value={plane} onChange={(_, data) => setPlane(data.value)}>
              <Radio value="Protected" label={t("controlPlane.protected")} />
              <Radio value="Unprotected" label={t("controlPlane.unprotected")} />
            </RadioGroup>
          </Field>
          <Field label={t("settings.secondFactor")}>
            <RadioGroup value={factor} onChange={(_, data) => setFactor(data.value)}>
              <Radio value="Required" label={t("requirement.required")} />
              <Radio value="NotRequired" label={t("requirement.not_required")} />
            </RadioGroup>
          </Field>
        </div>
      </Section>
      {group !== "" && (
        <Section title={t("act.effect")}>
          {of.set_up && <p style={{ marginTop: 0 }}>{t("enable.endsSetUp")}</p>}
          <GatedAct
            act={{ task: "Countersign\\Enable-ElevatedAccessControl", values }}
            save={t("settings.enable")}
            done={done}
          />
        </Section>
      )}
    </>
  );
}
