import { Text } from "@fluentui/react-components";
import type { TakeBack } from "../api/shapes";
import { useItemStyles } from "../home/items";
import { Link } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { Stands } from "./Stands";

/** What ends with somebody's access, each with how it stands. Nothing where nothing is owed. */
export function Owed({ of, title, lead }: { of: TakeBack[]; title: string; lead?: string }) {
  const styles = useItemStyles();
  if (of.length === 0) return null;
  return (
    <Section title={title}>
      {lead && <Text className={styles.quiet}>{lead}</Text>}
      <ul className={styles.list}>
        {of.map((one) => (
          <li key={one.execution} className={styles.item}>
            <span className={styles.grow}>
              <Link to={`/executions/${one.execution}`}>
                <Shown text={one.task} />
              </Link>{" "}
              ({one.number})
              <Text className={styles.quiet}>
                {t("takeBack.since")} <Time at={one.since} />
              </Text>
            </span>
            <Stands of={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
