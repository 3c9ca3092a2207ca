import { makeStyles, tokens } from "@fluentui/react-components";
import { Link } from "../ui/links";
import { Section } from "../ui/Section";
import { StatusBadge } from "../ui/StatusBadge";
import { Time } from "../ui/Time";
import { t } from "../words";
import { useExecutions } from "./executions";

const MOST = 5;

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    paddingBlock: tokens.spacingVerticalXS,
  },
});

/** My last runs of a task. */
export function Earlier({ task }: { task: string }) {
  const styles = useStyles();
  const runs = useExecutions({ mine: true, task, limit: MOST });
  if (!runs.data || runs.data.items.length === 0) return null;
  return (
    <Section
      title={t("execution.earlier")}
      aside={<Link to={`/executions?task=${encodeURIComponent(task)}`}>{t("home.all")}</Link>}
    >
      <ul className={styles.list}>
        {runs.data.items.map((run) => (
          <li key={run.id} className={styles.item}>
            <Link to={`/executions/${run.id}`}>
              <Time at={run.started} />
            </Link>
            <StatusBadge status={run.status} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
