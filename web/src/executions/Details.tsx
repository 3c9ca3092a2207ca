import { Button, Text } from "@fluentui/react-components";
import { ArrowClockwise20Regular, Stop20Regular } from "@fluentui/react-icons";
import { useLocation, useParams } from "react-router";
import { useIntent } from "../api/intent";
import type { Execution, Ran } from "../api/shapes";
import { Facts } from "../ui/Facts";
import { visible } from "../ui/hidden";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { Time } from "../ui/Time";
import { hasKey, t } from "../words";
import { acknowledge, againPath, stop, useExecution } from "./executions";
import { Made } from "./Made";
import { OutputView } from "./OutputView";

/** One run: live output, how it ended, on which ground it ran. */
export function Details() {
  const { id = "" } = useParams();
  const execution = useExecution(id);
  const made = (useLocation().state as { made?: Ran } | null)?.made;
  return (
    <Page
      title={execution.data?.task ?? t("execution.title")}
      lead={execution.data && <StatusBadge status={execution.data.status} />}
    >
      {made && <Made of={made} />}
      <Loaded of={execution}>{(of) => <Body of={of} />}</Loaded>
    </Page>
  );
}

function Body({ of }: { of: Execution }) {
  const running = of.status === "running";
  const own = of.values !== null;
  const stopping = useIntent((_: undefined, key) => stop(of.id, key));
  const accept = useIntent((_: undefined, key) => acknowledge(of.id, key));
  const external = !of.task.startsWith("Countersign\\");
  return (
    <>
      {external && <OutputView of={of} />}
      {stopping.problem && <Refusal problem={stopping.problem} />}
      {accept.problem && <Refusal problem={accept.problem} />}
      <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginBottom: 16 }}>
        {running && own && (
          <Button
            appearance="primary"
            icon={<Stop20Regular />}
            disabled={stopping.busy || of.stopping !== null}
            onClick={() => stopping.send(undefined)}
          >
            {of.stopping ? t("execution.stopping") : t("execution.stop")}
          </Button>
        )}
        {of.status === "unknown" && !of.acknowledged && (
          <Button disabled={accept.busy} onClick={() => accept.send(undefined)}>
            {t("execution.acknowledge")}
          </Button>
        )}
        {!running && own && of.basis.kind !== "preview" && of.basis.kind !== "take_back" && (
          <ButtonLink to={againPath(of)} state={{ values: of.values }} icon={<ArrowClockwise20Regular />}>
            {t("execution.again")}
          </ButtonLink>
        )}
      </div>
      <Section title={t("execution.about")}>
        <Facts
          of={[
            [t("status"), <StatusBadge key="status" status={of.status} />],
            [t("execution.why"), of.reason && <span>{why(of.reason)}</span>],
            [t("execution.unknown"), of.status === "unknown" && <Text>{t("execution.unknown.detail")}</Text>],
            [t("execution.exit"), of.exit === null ? null : String(of.exit)],
            [t("execution.person"), <Who key="who" person={of.person} />],
            [t("execution.basis"), <Basis key="basis" of={of} />],
            [t("execution.started"), <Time key="started" at={of.started} />],
            [t("execution.finished"), of.finished && <Time at={of.finished} />],
            [t("execution.deadline"), running && <Time at={of.deadline} />],
            [t("parameters.title"), of.values && <Values of={of.values} />],
            [
              t("execution.task"),
              <Link key="task" to={taskPath(of.task)}>
                {t("execution.task.version", { version: of.version })}
              </Link>,
            ],
            [t("execution.id"), <code key="id">{of.id}</code>],
            [t("output.digest"), of.output && <code>{of.output.stdout.sha256}</code>],
          ]}
        />
      </Section>
    </>
  );
}

const NOT_STARTED = "not_started_";

/** Why it ended, and where a person can mend it, how. */
function why(reason: string): string {
  if (hasKey(`why.${reason}`)) return t(`why.${reason}` as "why.revoked");
  const words = (code: string) => visible(code.replaceAll("_", " "));
  return reason.startsWith(NOT_STARTED)
    ? t("why.notStarted", { why: words(reason.slice(NOT_STARTED.length)) })
    : words(reason);
}

function Basis({ of }: { of: Execution }) {
  const word = hasKey(`basis.${of.basis.kind}`) ? t(`basis.${of.basis.kind}` as "basis.role") : of.basis.kind;
  if (of.basis.number) {
    return (
      <>
        {word} <Link to={`/requests/${of.basis.number}`}>{of.basis.number}</Link>
      </>
    );
  }
  return (
    <>
      {word} {of.basis.role && <Shown text={of.basis.role} />}
    </>
  );
}

export function Values({ of }: { of: Record<string, unknown> }) {
  const entries = Object.entries(of);
  if (entries.length === 0) return <>{t("none")}</>;
  return (
    <>
      {entries.map(([name, value]) => (
        <div key={name}>
          {visible(name)}:{" "}
          <code>
            <Shown text={typeof value === "string" ? value : JSON.stringify(value)} lines="many" />
          </code>
        </div>
      ))}
    </>
  );
}
