import { PersonAdd20Regular, PersonSubtract20Regular } from "@fluentui/react-icons";
import { useParams } from "react-router";
import { useRoleGroups } from "../requests/targets";
import { Demands } from "../roles/Details";
import { useMe } from "../sessions/session";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { t } from "../words";

/** One role group: its members, its roles, and what a request for it demands. */
export function Details() {
  const { workload = "", name = "" } = useParams();
  const full = `${workload}\\${name}`;
  const me = useMe();
  const groups = useRoleGroups();
  const found = groups.data?.items.find((group) => group.name.toLowerCase() === full.toLowerCase());
  const act = (task: string) => taskPath(`Countersign\\${task}`, `/run?Identity=${encodeURIComponent(full)}`);
  return (
    <Page
      title={full}
      commands={
        me.data?.reads_configuration && (
          <>
            <ButtonLink to={act("Add-RoleGroupMember")} appearance="subtle" icon={<PersonAdd20Regular />}>
              {t("group.add")}
            </ButtonLink>
            <ButtonLink
              to={act("Remove-RoleGroupMember")}
              appearance="subtle"
              icon={<PersonSubtract20Regular />}
            >
              {t("group.remove")}
            </ButtonLink>
          </>
        )
      }
    >
      <Loaded of={groups}>
        {() =>
          found ? (
            <>
              <Section title={t("group.members")}>
                {!found.members ? (
                  t("roleGroup.hidden")
                ) : found.members.length === 0 ? (
                  t("none")
                ) : (
                  <Lines
                    of={found.members}
                    keyOf={(member) => ("group" in member ? member.group.id : member.person.id)}
                  >
                    {(member) =>
                      "group" in member ? (
                        <Link to={`/groups/${member.group.id}`}>
                          <Shown text={member.group.name ?? member.group.id} />
                        </Link>
                      ) : (
                        <Link to={`/people/${member.person.id}`}>
                          <Who person={member.person} />
                        </Link>
                      )
                    }
                  </Lines>
                )}
              </Section>
              <Section title={t("nav.roles")}>
                {found.roles.length === 0 && t("none")}
                <Lines of={found.roles} keyOf={(role) => role}>
                  {(role) => (
                    <Link to={namedPath("roles", role)}>
                      <Shown text={role} />
                    </Link>
                  )}
                </Lines>
              </Section>
              <Demands policies={found.policies} shut={found.shut} />
            </>
          ) : (
            <p>{t("role.unknown")}</p>
          )
        }
      </Loaded>
    </Page>
  );
}
