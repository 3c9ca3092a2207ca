import { Button, Text } from "@fluentui/react-components";
import { ArrowClockwise20Regular } from "@fluentui/react-icons";
import { useIntent } from "../api/intent";
import type { Execution } from "../api/shapes";
import { start, useExecutions } from "../executions/executions";
import { OutputPanes } from "../executions/OutputView";
import { useOutput } from "../executions/output";
import { useTask } from "../requests/targets";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { Table } from "../ui/Table";
import { Ago, Time } from "../ui/Time";
import { t } from "../words";
import { fieldsOf, type Row, rowsOf } from "./rows";

/** Who holds a workload's power natively: my last look, its age, and another one. */
export function NativeWorkload({ name, task }: { name: string; task: string }) {
  const details = useTask(task);
  const looks = useExecutions({ mine: true, task, limit: 1 });
  const intent = useIntent((_: undefined, key) => start({ task, values: {} }, key));
  const last = looks.data?.items[0];
  const asks = (details.data?.parameters.length ?? 0) > 0;
  return (
    <Section title={t("native.of", { workload: name })}>
      {details.data && (
        <p style={{ marginTop: 0 }}>
          <Shown text={details.data.description} />
        </p>
      )}
      {looks.data && !last && <p>{t("native.never")}</p>}
      {last && <Look of={last} />}
      {intent.problem && (
        <Refusal problem={intent.problem}>
          <ButtonLink to={`/requests/new?type=Task&name=${encodeURIComponent(task)}`}>
            {t("nav.new")}
          </ButtonLink>
        </Refusal>
      )}
      <div style={{ marginTop: 12 }}>
        {asks ? (
          // What it needs to know is asked by the task's own form.
          <ButtonLink
            to={taskPath(task, "/run")}
            {...(last?.values ? { state: { values: last.values } } : {})}
            icon={<ArrowClockwise20Regular />}
          >
            {t("native.look")}
          </ButtonLink>
        ) : (
          <Button
            icon={<ArrowClockwise20Regular />}
            disabled={!details.data || intent.busy || last?.status === "running"}
            onClick={() => intent.send(undefined)}
          >
            {t("native.look")}
          </Button>
        )}
      </div>
    </Section>
  );
}

function Look({ of }: { of: Execution }) {
  const output = useOutput(of.id, true);
  const rows = output.done ? rowsOf(output.stdout) : null;
  // A list that was cut or did not come to its end would look shorter than it is.
  const whole = of.status === "succeeded" && !output.cut && !of.output?.truncated;
  return (
    <>
      <p style={{ display: "flex", flexWrap: "wrap", gap: 8, alignItems: "center" }}>
        <StatusBadge status={of.status} />
        <span>
          <Ago at={of.started} />, <Time at={of.started} />
        </span>
        <Link to={`/executions/${of.id}`}>{t("native.run")}</Link>
      </p>
      {of.status !== "running" && of.status !== "succeeded" && <Text block>{t("native.failed")}</Text>}
      {rows && whole ? <Rows of={rows} /> : <OutputPanes of={of} output={output} />}
    </>
  );
}

function Rows({ of }: { of: Row[] }) {
  return (
    <Table<{ row: Row; place: number }>
      label={t("native.holders")}
      rows={of.map((row, place) => ({ row, place }))}
      rowKey={({ place }) => String(place)}
      empty={t("none")}
      columns={fieldsOf(of).map((field) => ({
        key: field,
        header: field,
        cell: ({ row }) => <Shown text={written(row[field])} />,
      }))}
    />
  );
}

function written(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "boolean") return value ? t("yes") : t("no");
  return typeof value === "string" ? value : JSON.stringify(value);
}
