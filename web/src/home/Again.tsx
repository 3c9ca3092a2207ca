import { Text } from "@fluentui/react-components";
import type { Execution } from "../api/shapes";
import { againPath, useExecutions } from "../executions/executions";
import { ButtonLink, Link } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { Time } from "../ui/Time";
import { t } from "../words";
import { useItemStyles } from "./items";

const LOOKED_AT = 20;
const MOST = 3;

/** What is no run of the task itself: a look beforehand, and taking something back. */
const BESIDE = ["preview", "take_back"];

/** The last runs on targets, each task with its parameters once. Countersign's own tasks are seldom run twice. */
export function distinct(runs: Execution[], most: number): Execution[] {
  const found = new Map<string, Execution>();
  const targets = runs.filter(
    (run) => !run.task.startsWith("Countersign\\") && !BESIDE.includes(run.basis.kind),
  );
  for (const run of targets) {
    const same = JSON.stringify([run.task, run.values]);
    if (!found.has(same)) found.set(same, run);
  }
  return [...found.values()].slice(0, most);
}

/** What I ran lately, to run it again with the same parameters. */
export function Again() {
  const styles = useItemStyles();
  const runs = useExecutions({ mine: true, limit: LOOKED_AT });
  const shown = distinct(runs.data?.items ?? [], MOST);
  if (shown.length === 0) return null;
  return (
    <Section title={t("home.again")} aside={<Link to="/executions">{t("home.all")}</Link>}>
      <ul className={styles.list}>
        {shown.map((run) => (
          <li key={run.id} className={styles.item}>
            <span className={styles.grow}>
              <Link to={`/executions/${run.id}`}>
                <Shown text={run.task} />
              </Link>
              <Text className={styles.quiet}>
                <Time at={run.started} />
              </Text>
            </span>
            <StatusBadge status={run.status} />
            {run.status !== "running" && run.values !== null && (
              <ButtonLink to={againPath(run)} state={{ values: run.values }} size="small">
                {t("execution.again")}
              </ButtonLink>
            )}
          </li>
        ))}
      </ul>
    </Section>
  );
}
