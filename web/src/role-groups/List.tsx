import { PersonAdd20Regular } from "@fluentui/react-icons";
import type { Member, RoleGroupLine } from "../api/shapes";
import { useRoleGroups } from "../requests/targets";
import { Standing } from "../roles/List";
import { useMe } from "../sessions/session";
import { ButtonLink, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const COLUMNS: Column<RoleGroupLine>[] = [
  { key: "name", header: t("roleGroup.name"), cell: (row) => <Shown text={row.name} /> },
  {
    key: "roles",
    header: t("nav.roles"),
    cell: (row) =>
      row.roles.map((role) => (
        <div key={role}>
          <Shown text={role} />
        </div>
      )),
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
    <>
      {of.map((member) => (
        <div key={"group" in member ? member.group.id : member.person.id}>
          {"group" in member ? (
            <Shown text={member.group.name ?? member.group.id} />
          ) : (
            <Who person={member.person} plain />
          )}
        </div>
      ))}
    </>
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
