import { Badge } from "@fluentui/react-components";
import type { RoleLine } from "../api/shapes";
import { useRoles } from "../requests/targets";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const MANY = 8;

const COLUMNS: Column<RoleLine>[] = [
  { key: "name", header: t("role.name"), cell: (row) => <Shown text={row.name} /> },
  { key: "tasks", header: t("nav.tasks"), cell: (row) => <Tasks of={row.tasks} /> },
  {
    key: "held",
    header: t("role.held"),
    cell: (row) => <Standing held={row.held} mayAsk={row.may_ask} type="Role" name={row.name} />,
  },
];

function Tasks({ of }: { of: string[] }) {
  return (
    <>
      {of.slice(0, MANY).map((task) => (
        <div key={task}>
          <Link to={taskPath(task)}>
            <Shown text={task} />
          </Link>
        </div>
      ))}
      {of.length > MANY && <div>{t("role.more", { count: of.length - MANY })}</div>}
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
