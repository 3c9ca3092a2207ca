import { Text } from "@fluentui/react-components";
import { useRequests } from "../requests/requests";
import { Link } from "../ui/links";
import { Loaded } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { span } from "../ui/time";
import { t } from "../words";
import { useItemStyles } from "./items";

/** My last requests. */
export function Mine() {
  const styles = useItemStyles();
  const mine = useRequests({ mine: true, limit: 5 });
  return (
    <Section title={t("home.mine")} aside={<Link to="/requests">{t("home.all")}</Link>}>
      <Loaded of={mine}>
        {(page) =>
          page.items.length === 0 ? (
            <Text className={styles.quiet}>{t("requests.empty")}</Text>
          ) : (
            <ul className={styles.list}>
              {page.items.map((request) => (
                <li key={request.number} className={styles.item}>
                  <span className={styles.grow}>
                    <Link to={`/requests/${request.number}`}>{request.number}</Link>{" "}
                    <Shown text={request.target.name} />
                    <Text className={styles.quiet}>{span(request.duration_secs)}</Text>
                  </span>
                  <StatusBadge
                    status={
                      request.authorization && request.status === "approved"
                        ? request.authorization.status
                        : request.status
                    }
                  />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}
