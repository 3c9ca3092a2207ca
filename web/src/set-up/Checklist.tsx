import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { CheckmarkCircle24Filled, Circle24Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { usePolicies } from "../policies/policies";
import { useTasks } from "../requests/targets";
import { useMe } from "../sessions/session";
import { ButtonLink, taskPath } from "../ui/links";
import { Section } from "../ui/Section";
import { t } from "../words";
import { done, next, STEPS, type Step } from "./steps";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalM,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  text: { flex: "1 1 220px", minWidth: 0 },
  done: { color: tokens.colorPaletteGreenForeground1 },
  quiet: { color: tokens.colorNeutralForeground2, display: "block" },
});

const run = (task: string) => taskPath(`Countersign\\${task}`, "/run");

const MEMBERS = run("Add-GroupMember");

const ACTS: Record<
  Step,
  {
    to: string;
    word:
      | "setUp.act"
      | "people.new"
      | "groups.new"
      | "group.add"
      | "setUp.tasks.act"
      | "policies.new"
      | "settings.enable"
      | "banner.secondFactor.link";
  }[]
> = {
  secondFactor: [{ to: "/second-factor", word: "banner.secondFactor.link" }],
  people: [{ to: run("New-User"), word: "people.new" }],
  group: [
    { to: run("New-Group"), word: "groups.new" },
    { to: MEMBERS, word: "group.add" },
  ],
  tasks: [{ to: "/help/packs", word: "setUp.tasks.act" }],
  policy: [{ to: "/policies/new", word: "policies.new" }],
  enable: [{ to: "/organization/enable", word: "settings.enable" }],
};

/** What is done once stays without a button; more people, groups, tasks and policies may always come. */
function actsOf(step: Step, isDone: boolean) {
  return step === "secondFactor" && isDone ? [] : ACTS[step];
}

/** The way from an empty organization to one in which privileged access is on. */
export function Checklist() {
  const styles = useStyles();
  const me = useMe();
  const policies = usePolicies();
  const tasks = useTasks();
  const people = useQuery({
    queryKey: ["people", "all"],
    queryFn: async () => await got(api.GET("/api/v1/people", { params: { query: { limit: 100 } } })),
  });
  const groups = useQuery({
    queryKey: ["groups"],
    queryFn: async () => await got(api.GET("/api/v1/groups")),
  });
  if (!me.data || !policies.data || !people.data || !groups.data || !tasks.data) return null;
  const state = done({
    secondFactor: me.data.second_factor_enrolled,
    people: people.data.items,
    groups: groups.data.items,
    tasks: tasks.data.items,
    policies: policies.data.items,
  });
  const following = next(state);
  // A group that is there lacks members; without one, it is made first.
  const first = (step: Step) => (step === "group" && groups.data.items.length > 0 ? 1 : 0);
  const only = groups.data.items.length === 1 ? groups.data.items[0] : undefined;
  const where = (to: string) =>
    to === MEMBERS && only ? `${to}?Identity=${encodeURIComponent(only.name)}` : to;
  return (
    <Section title={t("setUp.title")}>
      <Text className={styles.quiet}>{t("setUp.lead")}</Text>
      <ol className={styles.list}>
        {STEPS.map((step) => (
          <li key={step} className={styles.item}>
            {state[step] ? (
              <CheckmarkCircle24Filled className={styles.done} aria-label={t("setUp.done")} />
            ) : (
              <Circle24Regular aria-label={t("setUp.open")} />
            )}
            <span className={styles.text}>
              <Text weight="semibold">{t(`setUp.${step}`)}</Text>
              <Text className={styles.quiet}>{t(`setUp.${step}.why`)}</Text>
            </span>
            {actsOf(step, state[step]).map((act, index) => (
              <ButtonLink
                key={act.to}
                to={where(act.to)}
                appearance={step === following && index === first(step) ? "primary" : "secondary"}
              >
                {t(act.word)}
              </ButtonLink>
            ))}
          </li>
        ))}
      </ol>
    </Section>
  );
}
