import {
  Button,
  Checkbox,
  Field,
  makeStyles,
  Radio,
  RadioGroup,
  SearchBox,
  tokens,
} from "@fluentui/react-components";
import { Dismiss16Regular } from "@fluentui/react-icons";
import { useState } from "react";
import type { TargetType } from "../api/shapes";
import { useRoleGroups, useRoles, useTasks } from "../requests/targets";
import { visible } from "../ui/hidden";
import { t } from "../words";
import type { StepProps } from "./Wizard";

const useStyles = makeStyles({
  list: {
    minWidth: 0,
    maxHeight: "320px",
    overflowY: "auto",
    border: `1px solid ${tokens.colorNeutralStroke1}`,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalS,
    margin: 0,
    display: "flex",
    flexDirection: "column",
  },
  chosen: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  fault: { color: tokens.colorPaletteRedForeground1, margin: 0 },
  quiet: { color: tokens.colorNeutralForeground2, margin: 0 },
});

/** So many are offered at once; more is what the search is for. */
const MOST = 50;
const TYPES: TargetType[] = ["Task", "Role", "Role Group"];

/** What the policy is for: any number of tasks, a role, or a role group. */
export function TargetStep({ draft, change, fault }: StepProps) {
  const styles = useStyles();
  const [search, setSearch] = useState("");
  const [scope, setScope] = useState("");
  const offers = useOffers(draft.type);
  const workloads = [...new Set(offers.map((offer) => offer.name.split("\\")[0] ?? ""))].sort();
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const matching = offers.filter(
    (offer) =>
      (scope === "" || offer.name.startsWith(`${scope}\\`)) &&
      words.every((word) => `${offer.name} ${offer.title}`.toLowerCase().includes(word)),
  );
  const several = draft.type === "Task";
  const toggle = (name: string, on: boolean) =>
    change({
      targets: several
        ? on
          ? [...draft.targets, name]
          : draft.targets.filter((one) => one !== name)
        : [name],
    });
  return (
    <>
      <Field label={t("request.type")}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: "wrap" }}
          value={draft.type}
          onChange={(_, data) => {
            setScope("");
            change({ type: data.value as TargetType, targets: [], bind: [] });
          }}
        >
          {TYPES.map((type) => (
            <Radio key={type} value={type} label={t(`type.${type}`)} />
          ))}
        </RadioGroup>
      </Field>
      <Field label={t("request.scope")}>
        <RadioGroup
          layout="horizontal"
          style={{ flexWrap: "wrap" }}
          value={scope}
          onChange={(_, data) => setScope(data.value)}
        >
          <Radio value="" label={t("request.scope.all")} />
          {workloads.map((workload) => (
            <Radio key={workload} value={workload} label={visible(workload)} />
          ))}
        </RadioGroup>
      </Field>
      {draft.targets.length > 0 && (
        <fieldset style={{ border: "none", padding: 0, margin: 0, minWidth: 0 }}>
          <legend style={{ padding: 0 }}>{t("wizard.chosen", { count: draft.targets.length })}</legend>
          <div className={styles.chosen}>
            {draft.targets.map((name) => (
              <Button
                key={name}
                size="small"
                icon={<Dismiss16Regular />}
                iconPosition="after"
                aria-label={t("wizard.unchoose", { name: visible(name) })}
                onClick={() => change({ targets: draft.targets.filter((one) => one !== name) })}
              >
                {visible(name)}
              </Button>
            ))}
          </div>
        </fieldset>
      )}
      <Field label={t("request.access")} hint={several ? t("wizard.several") : t("request.access.hint")}>
        <SearchBox value={search} onChange={(_, data) => setSearch(data.value)} />
      </Field>
      {fault && (
        <p className={styles.fault} role="alert">
          {fault}
        </p>
      )}
      <fieldset className={styles.list}>
        <legend
          style={{ position: "absolute", clipPath: "inset(50%)", width: 1, height: 1, overflow: "hidden" }}
        >
          {t("request.access")}
        </legend>
        {several ? (
          matching
            .slice(0, MOST)
            .map((offer) => (
              <Checkbox
                key={offer.name}
                label={visible(offer.title ? `${offer.title} (${offer.name})` : offer.name)}
                checked={draft.targets.includes(offer.name)}
                onChange={(_, data) => toggle(offer.name, data.checked === true)}
              />
            ))
        ) : (
          <RadioGroup
            aria-label={t("request.access")}
            value={draft.targets[0] ?? ""}
            onChange={(_, data) => toggle(data.value, true)}
          >
            {matching.slice(0, MOST).map((offer) => (
              <Radio key={offer.name} value={offer.name} label={visible(offer.name)} />
            ))}
          </RadioGroup>
        )}
        {matching.length === 0 && <p className={styles.quiet}>{t("request.access.none")}</p>}
        {matching.length > MOST && (
          <p className={styles.quiet}>{t("wizard.more", { count: matching.length - MOST })}</p>
        )}
      </fieldset>
    </>
  );
}

function useOffers(type: TargetType): { name: string; title: string }[] {
  const tasks = useTasks();
  const roles = useRoles();
  const groups = useRoleGroups();
  switch (type) {
    case "Task":
      return [...(tasks.data?.items ?? [])].sort(
        (a, b) => Number(a.workload === "Countersign") - Number(b.workload === "Countersign"),
      );
    case "Role":
      return (roles.data?.items ?? []).map(({ name }) => ({ name, title: "" }));
    case "Role Group":
      return (groups.data?.items ?? []).map(({ name }) => ({ name, title: "" }));
  }
}
