import type { AuditEvent } from "../api/shapes";
import { Facts } from "../ui/Facts";
import { Link, taskPath } from "../ui/links";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { hasKey, t } from "../words";

/** What kind of event it is, in words. */
export function kindOf(kind: string): string {
  return hasKey(`event.${kind}`)
    ? t(`event.${kind}` as "event.RequestSubmitted")
    : kind.replace(/([a-z])([A-Z])/g, "$1 $2");
}

/** An event with everything it is linked to. */
export function EventFacts({ of }: { of: AuditEvent }) {
  return (
    <Facts
      of={[
        [t("audit.seq"), String(of.seq)],
        [t("audit.time"), <Time key="time" at={of.time} seconds />],
        [t("person"), of.person ? <Who person={of.person} /> : t("person.system")],
        [t("audit.actor"), <Shown key="actor" text={of.actor} />],
        [
          t("execution.task"),
          of.task && (
            <Link to={taskPath(of.task)}>
              <Shown text={of.task} />
            </Link>
          ),
        ],
        [t("audit.outcome"), of.outcome && <Shown text={of.outcome} />],
        [t("refusal.code"), of.code && <code>{of.code}</code>],
        [t("audit.request"), of.request && <Link to={`/requests/${of.request}`}>{of.request}</Link>],
        [
          t("execution.title"),
          of.execution && <Link to={`/executions/${of.execution}`}>{of.execution}</Link>,
        ],
        [t("policy.title"), of.policy && <Link to={`/policies/${of.policy}`}>{of.policy}</Link>],
        [t("audit.subject"), of.subject && <Shown text={of.subject} />],
        [t("audit.event"), <code key="kind">{of.kind}</code>],
      ]}
    />
  );
}
