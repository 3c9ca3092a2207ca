import { Button, makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle20Filled, Circle20Regular } from "@fluentui/react-icons";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { GatedAct } from "../acts/GatedAct";
import { useFormStyles } from "../ui/form";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { type Key, t } from "../words";
import { ApprovalStep } from "./ApprovalStep";
import { ConditionsStep } from "./ConditionsStep";
import { useGroups } from "./choices";
import { EMPTY, type Faults, faultsOf, fromTerms, type PolicyDraft, valuesOf } from "./draft";
import { LimitsStep } from "./LimitsStep";
import { usePolicy } from "./policies";
import { TargetStep } from "./TargetStep";
import { Trial } from "./Trial";

export interface StepProps {
  draft: PolicyDraft;
  change: (part: Partial<PolicyDraft>) => void;
  faults: Faults;
  /** What is wrong with the step's own field, in words. */
  fault: string | undefined;
}

type Step = "target" | "approval" | "limits" | "conditions" | "review";
const STEPS: Step[] = ["target", "approval", "limits", "conditions", "review"];

/** Which of a draft's fields stand on which page. */
const FIELDS: Record<Step, (keyof PolicyDraft)[]> = {
  target: ["targets"],
  approval: ["stages", "freshness"],
  limits: ["requesterGroup", "hours", "uses", "parallel", "rate", "ratePer"],
  conditions: ["windows", "ticket"],
  review: [],
};

const useStyles = makeStyles({
  frame: {
    display: "grid",
    gridTemplateColumns: "200px minmax(0, 1fr)",
    gap: tokens.spacingHorizontalXXL,
    alignItems: "start",
    "@media (max-width: 900px)": { gridTemplateColumns: "minmax(0, 1fr)", gap: tokens.spacingVerticalM },
  },
  steps: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    "@media (max-width: 900px)": { display: "none" },
  },
  step: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
    color: tokens.colorNeutralForeground2,
    "& svg": { flexShrink: 0 },
  },
  here: { color: tokens.colorNeutralForeground1, fontWeight: tokens.fontWeightSemibold },
  done: { color: tokens.colorPaletteGreenForeground1 },
  short: { display: "none", "@media (max-width: 900px)": { display: "block" } },
});

/** Makes an approval policy, page by page. */
export function NewPolicy() {
  const [query] = useSearchParams();
  const task = query.get("task");
  return (
    <Page title={t("policies.new")} lead={t("wizard.lead")}>
      <Pages start={task ? { ...EMPTY, targets: [task] } : EMPTY} identity={null} />
    </Page>
  );
}

/** Changes an approval policy, beginning with what it says now. */
export function ChangePolicy() {
  const { id = "" } = useParams();
  const policy = usePolicy(id);
  const groups = useGroups();
  return (
    <Page
      title={policy.data ? t("wizard.change", { target: policy.data.target.name }) : t("policy.change")}
      lead={t("wizard.change.lead")}
    >
      <Loaded of={policy}>
        {(of) => (
          <Loaded of={groups}>
            {(all) => (
              <Pages
                start={fromTerms(
                  of.terms,
                  (group) => all.items.find((one) => one.id === group)?.name ?? group,
                )}
                identity={of.id}
              />
            )}
          </Loaded>
        )}
      </Loaded>
    </Page>
  );
}

function Pages({ start, identity }: { start: PolicyDraft; identity: string | null }) {
  const styles = useStyles();
  const form = useFormStyles();
  const go = useNavigate();
  const [query, setQuery] = useSearchParams();
  const [draft, setDraft] = useState(start);
  const [tried, setTried] = useState(false);
  const top = useRef<HTMLDivElement>(null);
  const steps = identity === null ? STEPS : STEPS.filter((step) => step !== "target");
  const faults = faultsOf(draft);
  const wanted = steps.indexOf((query.get("step") ?? "") as Step);
  // Nobody stands on a page before which something is missing: a page loaded anew has lost what was typed.
  const reachable = steps.findIndex((step) => FIELDS[step].some((field) => faults[field]));
  const at = Math.min(Math.max(wanted, 0), reachable < 0 ? steps.length - 1 : reachable);
  const step = steps[at] ?? "review";
  const to = (index: number) => {
    setTried(false);
    const next = new URLSearchParams(query);
    next.set("step", steps[index] ?? "review");
    setQuery(next);
  };
  const first = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page of the form changes, reading begins at its top
  useEffect(() => {
    if (!first.current) top.current?.focus();
    first.current = false;
  }, [step]);
  const fault = FIELDS[step].map((field) => faults[field]).find(Boolean);
  const props: StepProps = {
    draft,
    change: (part) => setDraft({ ...draft, ...part }),
    faults: tried ? faults : {},
    fault: tried && fault ? t(`fault.${fault}`) : undefined,
  };
  const act = {
    task: `Countersign\\${identity === null ? "New" : "Set"}-ElevatedAccessApprovalPolicy`,
    values: valuesOf(draft, identity),
  };
  const pages: Record<Step, ReactNode> = {
    target: <TargetStep {...props} />,
    approval: <ApprovalStep {...props} />,
    limits: <LimitsStep {...props} />,
    conditions: <ConditionsStep {...props} />,
    review: (
      <Trial act={act}>
        <GatedAct act={act} quiet save={t("wizard.save")} done={() => void go("/policies")} />
      </Trial>
    ),
  };
  return (
    <div className={styles.frame}>
      <ol className={styles.steps} aria-label={t("wizard.steps")}>
        {steps.map((one, index) => (
          <li
            key={one}
            className={mergeClasses(styles.step, one === step && styles.here)}
            aria-current={one === step ? "step" : undefined}
          >
            {index < at ? (
              <CheckmarkCircle20Filled className={styles.done} aria-label={t("setUp.done")} />
            ) : (
              <Circle20Regular aria-hidden />
            )}
            {t(`wizard.step.${one}` as Key)}
          </li>
        ))}
      </ol>
      <div ref={top} tabIndex={-1} style={{ outline: "none" }}>
        <div className={styles.short}>
          <Text>{t("wizard.step.of", { number: at + 1, count: steps.length })}</Text>
        </div>
        <Section title={t(`wizard.step.${step}` as Key)}>
          <div className={form.form}>{pages[step]}</div>
        </Section>
        <div className={form.actions}>
          {at > 0 && <Button onClick={() => to(at - 1)}>{t("wizard.back")}</Button>}
          {step !== "review" && (
            <Button
              appearance="primary"
              onClick={() => {
                if (fault) setTried(true);
                else to(at + 1);
              }}
            >
              {t("wizard.next")}
            </Button>
          )}
        </div>
      </div>
    </div>
  );
}
