import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { AuditEvent } from "../api/shapes";
import { Link } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { kindOf } from "./EventFacts";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  item: {
    borderLeft: `2px solid ${tokens.colorNeutralStroke1}`,
    paddingInlineStart: tokens.spacingHorizontalL,
    paddingBlock: tokens.spacingVerticalS,
  },
  here: { borderLeftColor: tokens.colorCompoundBrandStroke, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, display: "block", fontWeight: tokens.fontWeightRegular },
});

/** Everything that an event hangs together with, in order: the policy's version, the request, votes, runs, the end. */
export function Related({ of, here, policy }: { of: AuditEvent[]; here: number; policy: AuditEvent | null }) {
  const styles = useStyles();
  if (of.length === 0 && !policy) return null;
  const all = [...(policy ? [policy] : []), ...of];
  return (
    <Section title={t("audit.related")}>
      <ol className={styles.list}>
        {all.map((event) => (
          <li
            key={event.seq}
            className={mergeClasses(styles.item, event.seq === here && styles.here)}
            aria-current={event.seq === here ? "true" : undefined}
          >
            {event.seq === here ? (
              kindOf(event.kind)
            ) : (
              <Link to={`/audit/${event.seq}`}>{kindOf(event.kind)}</Link>
            )}
            <span className={styles.quiet}>
              <Time at={event.time} seconds /> ·{" "}
              {event.person ? <Who person={event.person} plain /> : t("person.system")}
              {event.task && (
                <>
                  {" "}
                  · <Shown text={event.task} />
                </>
              )}
              {event.outcome && (
                <>
                  {" "}
                  · <Shown text={event.outcome} />
                </>
              )}
            </span>
          </li>
        ))}
      </ol>
    </Section>
  );
}
