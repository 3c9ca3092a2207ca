import { Button, Checkbox, Field, Input, makeStyles, tokens } from "@fluentui/react-components";
import { Add20Regular, Delete20Regular } from "@fluentui/react-icons";
import { useOrganization } from "../organization/organization";
import { useTask } from "../requests/targets";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { t } from "../words";
import { DAYS, type WindowDraft } from "./draft";
import type { StepProps } from "./Wizard";

const useStyles = makeStyles({
  window: {
    minWidth: 0,
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalL,
    margin: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalM,
  },
  row: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(130px, 1fr))",
    gap: tokens.spacingHorizontalM,
  },
  days: { display: "flex", flexWrap: "wrap" },
});

/** What else a request must keep to: hours, parameters, a ticket. */
export function ConditionsStep({ draft, change, fault }: StepProps) {
  const styles = useStyles();
  const form = useFormStyles();
  const organization = useOrganization();
  const only = draft.type === "Task" && draft.targets.length === 1 ? (draft.targets[0] ?? null) : null;
  const task = useTask(only);
  const bindable = (task.data?.parameters ?? []).filter((spec) => spec.binding === "policy");
  const set = (index: number, window: Partial<WindowDraft>) =>
    change({ windows: draft.windows.map((one, at) => (at === index ? { ...one, ...window } : one)) });
  return (
    <>
      <fieldset style={{ border: "none", padding: 0, margin: 0, minWidth: 0 }} className={form.form}>
        <legend style={{ padding: 0 }}>{t("wizard.windows")}</legend>
        <span>{draft.windows.length === 0 ? t("wizard.windows.always") : t("wizard.windows.only")}</span>
        {draft.windows.map((window, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a window has no other name
          <fieldset key={index} className={styles.window}>
            <legend>{t("wizard.window", { number: index + 1 })}</legend>
            <div className={styles.days}>
              {DAYS.map((day) => (
                <Checkbox
                  key={day}
                  label={t(`day.${day}`)}
                  checked={window.days.includes(day)}
                  onChange={(_, data) =>
                    set(index, {
                      days: DAYS.filter((one) =>
                        one === day ? data.checked === true : window.days.includes(one),
                      ),
                    })
                  }
                />
              ))}
            </div>
            <div className={styles.row}>
              <Field label={t("wizard.window.from")}>
                <Input
                  type="time"
                  value={window.from}
                  onChange={(_, data) => set(index, { from: data.value })}
                />
              </Field>
              <Field label={t("wizard.window.until")}>
                <Input
                  type="time"
                  value={window.until}
                  onChange={(_, data) => set(index, { until: data.value })}
                />
              </Field>
              <Field label={t("wizard.window.zone")}>
                <Input value={window.zone} onChange={(_, data) => set(index, { zone: data.value })} />
              </Field>
            </div>
            <div>
              <Button
                appearance="subtle"
                icon={<Delete20Regular />}
                onClick={() => change({ windows: draft.windows.filter((_, at) => at !== index) })}
              >
                {t("wizard.window.remove", { number: index + 1 })}
              </Button>
            </div>
          </fieldset>
        ))}
        {fault && <span role="alert">{fault}</span>}
        <div className={form.start}>
          <Button
            icon={<Add20Regular />}
            onClick={() =>
              change({
                windows: [
                  ...draft.windows,
                  {
                    days: ["mon", "tue", "wed", "thu", "fri"],
                    from: "08:00",
                    until: "18:00",
                    zone: organization.data?.zone ?? "UTC",
                  },
                ],
              })
            }
          >
            {t("wizard.window.add")}
          </Button>
        </div>
      </fieldset>
      {bindable.length > 0 && (
        <fieldset style={{ border: "none", padding: 0, margin: 0, minWidth: 0 }}>
          <legend style={{ padding: 0 }}>{t("wizard.bind")}</legend>
          {bindable.map((spec) => (
            <Checkbox
              key={spec.name}
              label={visible(spec.title ? `${spec.title} (${spec.name})` : spec.name)}
              checked={draft.bind.includes(spec.name)}
              onChange={(_, data) =>
                change({
                  bind:
                    data.checked === true
                      ? [...draft.bind, spec.name]
                      : draft.bind.filter((one) => one !== spec.name),
                })
              }
            />
          ))}
        </fieldset>
      )}
      <Field label={t("wizard.ticket")} hint={t("wizard.ticket.hint")}>
        <Input value={draft.ticket} onChange={(_, data) => change({ ticket: data.value })} />
      </Field>
    </>
  );
}
