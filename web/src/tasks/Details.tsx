import { LockOpen20Regular, Play20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, got } from "../api/client";
import type { TaskDetails } from "../api/shapes";
import { PolicyWords } from "../policies/PolicyWords";
import { useTask } from "../requests/targets";
import { useMe } from "../sessions/session";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { span } from "../ui/time";
import { hasKey, t } from "../words";
import { Protection } from "./List";

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
                appearance="subtle"
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
      {me.data?.reads_configuration && <WhoCould name={of.name} />}
    </>
  );
}

function WhoCould({ name }: { name: string }) {
  const [workload = "", task = ""] = name.split("\\", 2);
  const could = useQuery({
    queryKey: ["tasks", name, "who-could"],
    queryFn: async () => {
      const path = { workload, name: task };
      return await got(api.GET("/api/v1/tasks/{workload}/{name}/who-could", { params: { path } }));
    },
  });
  return (
    <Section title={t("whoCould.title")}>
      <Loaded of={could}>
        {(of) => (
          <>
            {of.fewest_people !== null && (
              <p style={{ marginTop: 0 }}>{t("whoCould.fewest", { count: of.fewest_people })}</p>
            )}
            <Table
              label={t("whoCould.title")}
              rows={of.people}
              rowKey={(row) => row.person.id}
              empty={t("whoCould.nobody")}
              columns={[
                { key: "who", header: t("person"), cell: (row) => <Who person={row.person} /> },
                {
                  key: "through",
                  header: t("whoCould.through"),
                  cell: (row) =>
                    hasKey(`through.${row.through}`)
                      ? t(`through.${row.through}` as "through.role")
                      : row.through,
                },
                { key: "needed", header: t("whoCould.needed"), cell: (row) => String(row.people_needed) },
              ]}
            />
            {of.approvers.length > 0 && (
              <p>
                {t("whoCould.approvers")}{" "}
                {of.approvers.map((person, index) => (
                  <span key={person.id}>
                    {index > 0 && ", "}
                    <Who person={person} plain />
                  </span>
                ))}
              </p>
            )}
          </>
        )}
      </Loaded>
    </Section>
  );
}
