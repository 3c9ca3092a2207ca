import { Text } from "@fluentui/react-components";
import { useRequests } from "../requests/requests";
import { useMe } from "../sessions/session";
import { ButtonLink, Link } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { t } from "../words";
import { useItemStyles } from "./items";

/** What waits for my decision. */
export function Waiting() {
  const styles = useItemStyles();
  const waiting = useRequests({ to_decide: true, limit: 5 });
  const me = useMe();
  if (!waiting.data || waiting.data.items.length === 0) return null;
  return (
    <Section
      title={t("home.waits", { count: me.data?.to_decide ?? waiting.data.items.length })}
      aside={<Link to="/approvals">{t("home.all")}</Link>}
    >
      <ul className={styles.list}>
        {waiting.data.items.map((request) => (
          <li key={request.number} className={styles.item}>
            <span className={styles.grow}>
              <Link to={`/requests/${request.number}`}>{request.number}</Link>{" "}
              <Shown text={request.target.name} />
              <Text className={styles.quiet}>
                <Who person={request.requester} plain />: <Shown text={request.reason} />
              </Text>
            </span>
            <ButtonLink to={`/requests/${request.number}`} appearance="primary" size="small">
              {t("home.decide")}
            </ButtonLink>
          </li>
        ))}
      </ul>
    </Section>
  );
}
