import { Tab, TabList } from "@fluentui/react-components";
import { useSearchParams } from "react-router";
import type { Execution } from "../api/shapes";
import { Link } from "../ui/links";
import { Page } from "../ui/Page";
import { Paged } from "../ui/Paged";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import type { Column } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";
import { listExecutions } from "./executions";

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
  {
    key: "who",
    header: t("execution.person"),
    cell: (row) => <Who person={row.person} plain />,
    names: true,
  },
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

/** Runs, the newest first; of one task where the address says so. */
export function List() {
  const [address, setAddress] = useSearchParams();
  const mine = address.get("whose") !== "all";
  const task = address.get("task");
  const filter = { mine, ...(task ? { task } : {}) };
  const choose = (whose: string) => {
    const next = new URLSearchParams(task ? { task } : {});
    if (whose === "all") next.set("whose", "all");
    setAddress(next, { replace: true });
  };
  return (
    <Page title={task ? t("executions.of", { task }) : t("executions.title")} lead={t("executions.lead")}>
      <TabList selectedValue={mine ? "mine" : "all"} onTabSelect={(_, data) => choose(String(data.value))}>
        <Tab value="mine">{t("executions.mine")}</Tab>
        <Tab value="all">{t("executions.all")}</Tab>
      </TabList>
      <Paged
        label={t("executions.title")}
        columns={COLUMNS}
        rowKey={(row) => row.id}
        empty={t("executions.empty")}
        queryKey={["executions", filter]}
        fetchPage={(place) => listExecutions({ ...filter, ...place })}
      />
    </Page>
  );
}
