import type { TakeBack } from "../api/shapes";
import { Link } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";
import { Stands } from "./Stands";
import { useTakeBacks } from "./take-backs";

/** What runs left that ends with their access, and how taking it back goes. */
export function List() {
  const open = useTakeBacks();
  const columns: Column<TakeBack>[] = [
    {
      key: "run",
      header: t("takeBacks.run"),
      cell: (row) => (
        <Link to={`/executions/${row.execution}`}>
          <Shown text={row.task} />
        </Link>
      ),
    },
    { key: "state", header: t("takeBacks.state"), cell: (row) => <Stands of={row} /> },
    {
      key: "who",
      header: t("execution.person"),
      cell: (row) => <Who person={row.person} plain />,
      names: true,
    },
    {
      key: "number",
      header: t("basis.authorization"),
      cell: (row) => <Link to={`/requests/${row.number}`}>{row.number}</Link>,
    },
    { key: "since", header: t("execution.started"), cell: (row) => <Time at={row.since} />, wide: true },
  ];
  return (
    <Page title={t("nav.takeBacks")} lead={t("takeBacks.lead")}>
      <Section title={t("nav.takeBacks")}>
        <Loaded of={open}>
          {(of) => (
            <Table
              label={t("nav.takeBacks")}
              rows={of.items}
              rowKey={(row) => row.execution}
              empty={t("takeBacks.empty")}
              columns={columns}
            />
          )}
        </Loaded>
      </Section>
    </Page>
  );
}
