import { PersonAdd20Regular } from "@fluentui/react-icons";
import type { Member, RoleGroupLine } from "../api/shapes";
import { useRoleGroups } from "../requests/targets";
import { Standing } from "../roles/List";
import { useMe } from "../sessions/session";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const COLUMNS: Column<RoleGroupLine>[] = [
  {
    key: "name",
    header: t("roleGroup.name"),
    cell: (row) => (
      <Link to={namedPath("role-groups", row.name)}>
        <Shown text={row.name} />
      </Link>
    ),
  },
  {
    key: "roles",
    header: t("nav.roles"),
    cell: (row) => (
      <Lines of={row.roles} keyOf={(role) => role}>
        {(role) => <Shown text={role} />}
      </Lines>
    ),
  },
  { key: "members", header: t("group.members"), cell: (row) => <Members of={row.members} />, wide: true },
  {
    key: "held",
    header: t("role.held"),
    cell: (row) => <Standing held={row.held} mayAsk={row.may_ask} type="Role Group" name={row.name} />,
  },
];

function Members({ of }: { of: Member[] | null }) {
  if (!of) return <>{t("roleGroup.hidden")}</>;
  if (of.length === 0) return <>{t("none")}</>;
  return (
    <Lines of={of} keyOf={(member) => ("group" in member ? member.group.id : member.person.id)}>
      {(member) =>
        "group" in member ? (
          <Shown text={member.group.name ?? member.group.id} />
        ) : (
          <Who person={member.person} plain />
        )
      }
    </Lines>
  );
}

/** Sets of roles, with members. */
export function List() {
  const groups = useRoleGroups();
  const me = useMe();
  return (
    <Page
      title={t("nav.roleGroups")}
      lead={t("roleGroups.lead")}
      commands={
        me.data?.reads_configuration && (
          <ButtonLink
            to={taskPath("Countersign\\Add-RoleGroupMember", "/run")}
            appearance="subtle"
            icon={<PersonAdd20Regular />}
          >
            {t("group.add")}
          </ButtonLink>
        )
      }
    >
      <Loaded of={groups}>
        {(page) => (
          <Table
            label={t("nav.roleGroups")}
            columns={COLUMNS}
            rows={page.items}
            rowKey={(row) => row.name}
            empty={t("roleGroups.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
