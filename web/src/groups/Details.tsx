import { PersonAdd20Regular, PersonSubtract20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, got } from "../api/client";
import { useMe } from "../sessions/session";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { t } from "../words";

/** One group: its members, and everybody in it at any depth. */
export function Details() {
  const { id = "" } = useParams();
  const me = useMe();
  const group = useQuery({
    queryKey: ["groups", id],
    queryFn: async () => await got(api.GET("/api/v1/groups/{id}", { params: { path: { id } } })),
  });
  const act = (task: string) =>
    taskPath(`Countersign\\${task}`, `/run?Identity=${encodeURIComponent(group.data?.name ?? id)}`);
  return (
    <Page
      title={group.data?.name ?? t("group")}
      lead={group.data?.mail && <Shown text={group.data.mail} />}
      commands={
        me.data?.reads_configuration && (
          <>
            <ButtonLink to={act("Add-GroupMember")} appearance="subtle" icon={<PersonAdd20Regular />}>
              {t("group.add")}
            </ButtonLink>
            <ButtonLink to={act("Remove-GroupMember")} appearance="subtle" icon={<PersonSubtract20Regular />}>
              {t("group.remove")}
            </ButtonLink>
          </>
        )
      }
    >
      <Loaded of={group}>
        {(of) => (
          <>
            <Section title={t("group.members")}>
              {of.members.length === 0 && t("none")}
              {of.members.map((member) => (
                <div key={"group" in member ? member.group.id : member.person.id}>
                  {"group" in member ? (
                    <Link to={`/groups/${member.group.id}`}>
                      <Shown text={member.group.name ?? member.group.id} />
                    </Link>
                  ) : (
                    <Who person={member.person} />
                  )}
                </div>
              ))}
            </Section>
            <Section title={t("group.everybody", { count: of.people.length })}>
              {of.people.map((person) => (
                <div key={person.id}>
                  <Who person={person} />
                </div>
              ))}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
