import { Tab, TabList } from "@fluentui/react-components";
import { useState } from "react";
import type { Execution } from "../api/shapes";
import { Pager } from "../requests/List";
import { Link } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";
import { useExecutions } from "./executions";

const COLUMNS: Column<Execution>[] = [
  {
    key: "task",
    header: t("execution.task"),
    cell: (row) => (
      <Link to={`/executions/${row.id}`}>
        <Shown text={row.task} />
      </Link>
    ),
  },
  { key: "status", header: t("status"), cell: (row) => <StatusBadge status={row.status} /> },
  { key: "who", header: t("execution.person"), cell: (row) => <Who person={row.person} plain /> },
  {
    key: "basis",
    header: t("execution.basis"),
    cell: (row) =>
      row.basis.number ? (
        <Link to={`/requests/${row.basis.number}`}>{row.basis.number}</Link>
      ) : (
        <Shown text={row.basis.role ?? row.basis.kind} />
      ),
    wide: true,
  },
  { key: "started", header: t("execution.started"), cell: (row) => <Time at={row.started} /> },
];

/** Runs, the newest first. */
export function List() {
  const [mine, setMine] = useState(true);
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  const cursor = cursors[cursors.length - 1];
  const executions = useExecutions({ mine, limit: 50, ...(cursor ? { cursor } : {}) });
  return (
    <Page title={t("executions.title")} lead={t("executions.lead")}>
      <TabList
        selectedValue={mine ? "mine" : "all"}
        onTabSelect={(_, data) => {
          setMine(data.value === "mine");
          setCursors([undefined]);
        }}
      >
        <Tab value="mine">{t("executions.mine")}</Tab>
        <Tab value="all">{t("executions.all")}</Tab>
      </TabList>
      <Loaded of={executions}>
        {(page) => (
          <>
            <Table
              label={t("executions.title")}
              columns={COLUMNS}
              rows={page.items}
              rowKey={(row) => row.id}
              empty={t("executions.empty")}
            />
            <Pager
              back={cursors.length > 1 ? () => setCursors(cursors.slice(0, -1)) : null}
              on={page.next ? () => setCursors([...cursors, page.next ?? undefined]) : null}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
