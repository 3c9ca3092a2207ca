import { Text } from "@fluentui/react-components";
import type { Authorization } from "../api/shapes";
import { extendPath, hasUses, useLiveAccess } from "../authorizations/authorizations";
import { GiveBack } from "../authorizations/GiveBack";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { TimeLeft } from "../ui/Time";
import { t } from "../words";
import { useItemStyles } from "./items";

/** My live access, with the time left: run, extend, give back. */
export function Access() {
  const styles = useItemStyles();
  const access = useLiveAccess();
  return (
    <Section title={t("home.live")}>
      <Loaded of={access}>
        {(page) =>
          page.items.length === 0 ? (
            <Text className={styles.quiet}>{t("home.live.empty")}</Text>
          ) : (
            <ul className={styles.list}>
              {page.items.map((one) => (
                <Live key={one.number} of={one} />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function Live({ of }: { of: Authorization }) {
  const styles = useItemStyles();
  return (
    <li className={styles.item}>
      <span className={styles.grow}>
        <Link to={`/requests/${of.number}`}>{of.number}</Link> <Shown text={of.target.name} />
        <Text className={styles.quiet}>
          <TimeLeft at={of.until} />
          {!hasUses(of) && <> · {t("home.live.used")}</>}
        </Text>
      </span>
      {of.target.type === "Task" && hasUses(of) && (
        <ButtonLink
          to={taskPath(of.target.name, `/run?request=${of.number}`)}
          appearance="primary"
          size="small"
        >
          {t("run")}
        </ButtonLink>
      )}
      <ButtonLink to={extendPath(of)} size="small">
        {t("extend")}
      </ButtonLink>
      <GiveBack number={of.number} size="small" />
    </li>
  );
}
