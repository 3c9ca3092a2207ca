import { LockOpen20Regular, Play20Regular } from "@fluentui/react-icons";
import { useParams } from "react-router";
import type { TaskDetails } from "../api/shapes";
import { PolicyWords } from "../policies/PolicyWords";
import { useTask } from "../requests/targets";
import { useMe } from "../sessions/session";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Table } from "../ui/Table";
import { span } from "../ui/time";
import { t } from "../words";
import { Protection } from "./List";
import { Versions } from "./Versions";
import { WhoCould } from "./WhoCould";

/** One task: what it does, its parameters, what governs it, who could run it. */
export function Details() {
  const { workload = "", name = "" } = useParams();
  const full = `${workload}\\${name}`;
  const task = useTask(full);
  return (
    <Page
      title={task.data?.title ?? name}
      lead={task.data && <Shown text={task.data.description} />}
      commands={
        task.data && (
          <>
            <ButtonLink to={taskPath(full, "/run")} appearance="subtle" icon={<Play20Regular />}>
              {t("run")}
            </ButtonLink>
            {task.data.protected && (
              <ButtonLink
                to={`/requests/new?type=Task&name=${encodeURIComponent(full)}`}
                appearance="primary"
                icon={<LockOpen20Regular />}
              >
                {t("nav.new")}
              </ButtonLink>
            )}
          </>
        )
      }
    >
      <Loaded of={task}>{(of) => <Body of={of} />}</Loaded>
    </Page>
  );
}

function Body({ of }: { of: TaskDetails }) {
  const me = useMe();
  const limits = of.definition.limits;
  return (
    <>
      <Section title={t("task.about")}>
        <Facts
          of={[
            [t("task.name"), <Shown key="name" text={of.name} />],
            [t("task.protected"), <Protection key="protection" of={of} />],
            [t("task.risk"), of.definition.risk && <Shown text={of.definition.risk} />],
            [t("task.readOnly"), of.definition.read_only && t("yes")],
            [t("task.arbitrary"), of.definition.arbitrary_code && t("task.arbitrary.yes")],
            [t("task.longest"), limits.max_run_time === null ? null : span(limits.max_run_time / 1_000_000)],
            [t("task.runspace"), of.definition.execution.runspace],
            [t("task.version"), String(of.version)],
            [t("task.digest"), <code key="digest">{of.digest}</code>],
          ]}
        />
      </Section>
      <Section title={t("task.governs")}>
        {of.policies.length === 0 && <p style={{ margin: 0 }}>{t("task.noPolicy")}</p>}
        {of.policies.map((policy) => (
          <div key={policy.id} style={{ marginBottom: 12 }}>
            {policy.built_in ? (
              <Shown text={policy.title} />
            ) : (
              <Link to={`/policies/${policy.id}`}>
                <Shown text={policy.title} />
              </Link>
            )}
            <PolicyWords words={policy.words} />
          </div>
        ))}
      </Section>
      <Section title={t("parameters.title")}>
        <Table
          label={t("parameters.title")}
          rows={of.parameters}
          rowKey={(row) => row.name}
          empty={t("request.noParameters")}
          columns={[
            {
              key: "name",
              header: t("parameters.name"),
              cell: (row) => <Shown text={row.title ? `${row.title} (${row.name})` : row.name} />,
            },
            { key: "kind", header: t("parameters.kind"), cell: (row) => row.kind.type },
            { key: "binding", header: t("parameters.binding"), cell: (row) => t(`binding.${row.binding}`) },
            {
              key: "help",
              header: t("parameters.help"),
              cell: (row) => <Shown text={row.help} />,
              wide: true,
            },
          ]}
        />
      </Section>
      {me.data?.reads_configuration && (
        <>
          <Versions name={of.name} />
          <WhoCould name={of.name} />
        </>
      )}
    </>
  );
}
