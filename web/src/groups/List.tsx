import { Add20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { GroupLine } from "../api/shapes";
import { useMe } from "../sessions/session";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const COLUMNS: Column<GroupLine>[] = [
  {
    key: "name",
    header: t("group.name"),
    cell: (row) => (
      <Link to={`/groups/${row.id}`}>
        <Shown text={row.name} />
      </Link>
    ),
  },
  { key: "mail", header: t("person.mail"), cell: (row) => <Shown text={row.mail} /> },
  { key: "people", header: t("group.people"), cell: (row) => String(row.people) },
  { key: "member", header: t("group.member"), cell: (row) => (row.member ? t("yes") : t("no")), wide: true },
];

/** Groups of people. */
export function List() {
  const me = useMe();
  const groups = useQuery({
    queryKey: ["groups"],
    queryFn: async () => await got(api.GET("/api/v1/groups")),
  });
  return (
    <Page
      title={t("nav.groups")}
      lead={t("groups.lead")}
      commands={
        me.data?.reads_configuration && (
          <ButtonLink
            to={taskPath("Countersign\\New-Group", "/run")}
            appearance="subtle"
            icon={<Add20Regular />}
          >
            {t("groups.new")}
          </ButtonLink>
        )
      }
    >
      <Loaded of={groups}>
        {(page) => (
          <Table
            label={t("nav.groups")}
            columns={COLUMNS}
            rows={page.items}
            rowKey={(row) => row.id}
            empty={t("groups.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
