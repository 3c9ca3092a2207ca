import {
  Button,
  Checkbox,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Radio,
  RadioGroup,
  tokens,
} from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useFormStyles } from "../ui/form";
import { t } from "../words";
import { type Assurance, EMPTY, type PolicyDraft, type StageDraft } from "./draft";
import { GroupField } from "./GroupField";
import type { StepProps } from "./Wizard";

const useStyles = makeStyles({
  stage: {
    minWidth: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalL,
    margin: 0,
    display: "grid",
    gridTemplateColumns: "2fr 1fr auto",
    alignItems: "end",
    gap: tokens.spacingHorizontalM,
    "@media (max-width: 640px)": { gridTemplateColumns: "1fr" },
  },
});

const MOST_STAGES = 8;

/** What nobody can show yet, though a policy may demand it. */
const STRONGER: Assurance[] = ["Passkey", "SignedStatement"];

/** Where nobody decides, nothing is asked of who decides. */
function deciding(approval: PolicyDraft["approval"]): Partial<PolicyDraft> {
  return approval === "Auto"
    ? { approval, assurance: "Session", freshness: "" }
    : { approval, assurance: EMPTY.assurance };
}

/** Who decides: nobody, one group, or several groups one after the other. */
export function ApprovalStep({ draft, change, faults }: StepProps) {
  const styles = useStyles();
  const form = useFormStyles();
  const set = (index: number, stage: Partial<StageDraft>) =>
    change({ stages: draft.stages.map((one, at) => (at === index ? { ...one, ...stage } : one)) });
  return (
    <>
      <Field label={t("policy.approval")}>
        <RadioGroup
          value={draft.approval}
          onChange={(_, data) => change(deciding(data.value as "Manual" | "Auto"))}
        >
          <Radio value="Manual" label={t("wizard.manual")} />
          <Radio value="Auto" label={t("wizard.auto")} />
        </RadioGroup>
      </Field>
      {draft.approval === "Manual" && (
        <>
          {draft.stages.map((stage, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a stage is its place in the order
            <fieldset key={index} className={styles.stage}>
              <legend>{t("wizard.stage", { number: index + 1 })}</legend>
              <GroupField
                label={t("wizard.approvers")}
                value={stage.group}
                change={(group) => set(index, { group })}
                empty={t("wizard.defaultGroup")}
              />
              <Field
                label={t("wizard.seats")}
                {...(faults.stages
                  ? { validationState: "error" as const, validationMessage: t(`fault.${faults.stages}`) }
                  : {})}
              >
                <Input
                  type="number"
                  min={1}
                  max={16}
                  value={stage.seats}
                  onChange={(_, data) => set(index, { seats: data.value })}
                />
              </Field>
              {draft.stages.length > 1 && (
                <Button
                  appearance="subtle"
                  icon={<Delete20Regular />}
                  aria-label={t("wizard.stage.remove", { number: index + 1 })}
                  onClick={() => change({ stages: draft.stages.filter((_, at) => at !== index) })}
                />
              )}
            </fieldset>
          ))}
          {draft.stages.length < MOST_STAGES && (
            <div className={form.start}>
              <Button
                icon={<Add20Regular />}
                onClick={() => change({ stages: [...draft.stages, { group: "", seats: "1" }] })}
              >
                {t("wizard.stage.add")}
              </Button>
            </div>
          )}
          <Field label={t("wizard.assurance")} hint={t("wizard.assurance.hint")}>
            <RadioGroup
              value={draft.assurance}
              onChange={(_, data) => change({ assurance: data.value as Assurance })}
            >
              <Radio value="SecondFactor" label={t("wizard.assurance.factor")} />
              <Radio value="Session" label={t("wizard.assurance.session")} />
              <Radio value="Passkey" label={t("wizard.assurance.passkey")} />
              <Radio value="SignedStatement" label={t("wizard.assurance.signed")} />
            </RadioGroup>
          </Field>
          {STRONGER.includes(draft.assurance) && (
            <MessageBar intent="warning" layout="multiline">
              <MessageBarBody style={{ whiteSpace: "normal" }}>{t("wizard.assurance.none")}</MessageBarBody>
            </MessageBar>
          )}
          <Field
            label={t("wizard.freshness")}
            hint={t("wizard.freshness.hint")}
            {...(faults.freshness
              ? {
                  validationState: "error" as const,
                  validationMessage: `${t(`fault.${faults.freshness}`)} ${t("wizard.length", { unit: t("wizard.minutes") })}`,
                }
              : {})}
          >
            <Input value={draft.freshness} onChange={(_, data) => change({ freshness: data.value })} />
          </Field>
          <Checkbox
            label={t("wizard.less")}
            checked={draft.less}
            onChange={(_, data) => change({ less: data.checked === true })}
          />
        </>
      )}
    </>
  );
}
