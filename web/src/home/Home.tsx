import { Field, Input, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useLiveAccess } from "../authorizations/authorizations";
import { GiveBack } from "../authorizations/GiveBack";
import { useOrganization } from "../organization/organization";
import { useRequests } from "../requests/requests";
import { useChoices } from "../requests/targets";
import { useMe } from "../sessions/session";
import { Checklist } from "../set-up/Checklist";
import { visible } from "../ui/hidden";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { TimeLeft } from "../ui/Time";
import { span } from "../ui/time";
import { t } from "../words";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(340px, 100%), 1fr))",
    columnGap: tokens.spacingHorizontalL,
    alignItems: "start",
  },
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    paddingBlock: tokens.spacingVerticalS,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  grow: { flex: "1 1 180px", minWidth: 0 },
  quiet: { color: tokens.colorNeutralForeground2, display: "block" },
});

/** What waits for me, what I may do now, what I asked for, and what I may ask for. */
export function Home() {
  const styles = useStyles();
  const me = useMe();
  const organization = useOrganization();
  return (
    <Page title={t("home.title", { name: visible(me.data?.display_name ?? "") })}>
      {organization.data?.set_up && me.data?.administrator && <Checklist />}
      <Waiting />
      <div className={styles.columns}>
        <LiveAccess />
        <Mine />
      </div>
      <Find />
    </Page>
  );
}

function Waiting() {
  const styles = useStyles();
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

function LiveAccess() {
  const styles = useStyles();
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
                <li key={one.number} className={styles.item}>
                  <span className={styles.grow}>
                    <Link to={`/requests/${one.number}`}>{one.number}</Link> <Shown text={one.target.name} />
                    <Text className={styles.quiet}>
                      <TimeLeft at={one.until} />
                    </Text>
                  </span>
                  {one.target.type === "Task" && (
                    <ButtonLink
                      to={taskPath(one.target.name, `/run?request=${one.number}`)}
                      appearance="primary"
                      size="small"
                    >
                      {t("run")}
                    </ButtonLink>
                  )}
                  <GiveBack number={one.number} size="small" />
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Section>
  );
}

function Mine() {
  const styles = useStyles();
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

/** Past this many the person types another word. */
const MOST = 8;

/** Finds what to do by what it does. */
function Find() {
  const styles = useStyles();
  const choices = useChoices();
  const [text, setText] = useState("");
  const words = text.toLowerCase().trim().split(/\s+/);
  const fits = (choice: (typeof choices)[number]) =>
    words.every((word) =>
      `${choice.name} ${choice.title} ${choice.description}`.toLowerCase().includes(word),
    );
  const found = text.trim() === "" ? [] : choices.filter(fits);
  return (
    <Section title={t("home.find")}>
      <Field label={t("home.find.field")} hint={t("home.find.hint")}>
        <Input type="search" value={text} onChange={(_, data) => setText(data.value)} />
      </Field>
      <ul className={styles.list} aria-live="polite">
        {found.slice(0, MOST).map((choice) => (
          <li key={`${choice.type}|${choice.name}`} className={styles.item}>
            <span className={styles.grow}>
              <Link
                to={
                  choice.type === "Task"
                    ? taskPath(choice.name)
                    : `/requests/new?type=${encodeURIComponent(choice.type)}&name=${encodeURIComponent(choice.name)}`
                }
              >
                <Shown text={choice.title || choice.name} />
              </Link>
              <Text className={styles.quiet}>
                {t(`type.${choice.type}`)} · <Shown text={choice.name} />
              </Text>
            </span>
          </li>
        ))}
        {text.trim() !== "" && found.length === 0 && (
          <li className={styles.item}>{t("request.access.none")}</li>
        )}
        {found.length > MOST && (
          <li className={styles.item}>{t("role.more", { count: found.length - MOST })}</li>
        )}
      </ul>
    </Section>
  );
}
