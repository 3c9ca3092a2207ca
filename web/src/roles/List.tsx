import { Badge, Button } from "@fluentui/react-components";
import { useState } from "react";
import type { RoleLine } from "../api/shapes";
import { useRoles } from "../requests/targets";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const MANY = 8;

const COLUMNS: Column<RoleLine>[] = [
  {
    key: "name",
    header: t("role.name"),
    cell: (row) => (
      <Link to={namedPath("roles", row.name)}>
        <Shown text={row.name} />
      </Link>
    ),
  },
  { key: "tasks", header: t("nav.tasks"), cell: (row) => <Tasks of={row.tasks} /> },
  {
    key: "held",
    header: t("role.held"),
    cell: (row) => <Standing held={row.held} mayAsk={row.may_ask} type="Role" name={row.name} />,
  },
];

function Tasks({ of }: { of: string[] }) {
  const [all, setAll] = useState(false);
  return (
    <>
      <Lines of={all ? of : of.slice(0, MANY)} keyOf={(task) => task}>
        {(task) => (
          <Link to={taskPath(task)}>
            <Shown text={task} />
          </Link>
        )}
      </Lines>
      {of.length > MANY && (
        <Button size="small" appearance="subtle" aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? t("role.fewer") : t("role.more", { count: of.length - MANY })}
        </Button>
      )}
    </>
  );
}

export function Standing({
  held,
  mayAsk,
  type,
  name,
}: {
  held: boolean;
  mayAsk: boolean;
  type: "Role" | "Role Group";
  name: string;
}) {
  return (
    <>
      {held && <Badge appearance="tint">{t("role.held.yes")}</Badge>}{" "}
      {mayAsk && (
        <ButtonLink
          to={`/requests/new?type=${encodeURIComponent(type)}&name=${encodeURIComponent(name)}`}
          size="small"
        >
          {t("nav.new")}
        </ButtonLink>
      )}
    </>
  );
}

/** Sets of tasks. */
export function List() {
  const roles = useRoles();
  return (
    <Page title={t("nav.roles")} lead={t("roles.lead")}>
      <Loaded of={roles}>
        {(page) => (
          <Table
            label={t("nav.roles")}
            columns={COLUMNS}
            rows={page.items}
            rowKey={(row) => row.name}
            empty={t("roles.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
