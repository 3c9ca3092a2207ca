import { KeyReset20Regular, PersonProhibited20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { api, got } from "../api/client";
import { Facts } from "../ui/Facts";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { Enabled } from "./List";

/** One person: what they belong to and which credentials are in force. */
export function Details() {
  const { id = "" } = useParams();
  const person = useQuery({
    queryKey: ["people", id],
    queryFn: async () => await got(api.GET("/api/v1/people/{id}", { params: { path: { id } } })),
  });
  const act = (task: string) => taskPath(`Countersign\\${task}`, `/run?Identity=${encodeURIComponent(id)}`);
  return (
    <Page
      title={person.data?.display_name ?? person.data?.upn ?? t("person")}
      commands={
        person.data && (
          <>
            <ButtonLink to={act("Reset-UserCredential")} appearance="subtle" icon={<KeyReset20Regular />}>
              {t("person.reset")}
            </ButtonLink>
            <ButtonLink
              to={act(person.data.enabled ? "Disable-User" : "Enable-User")}
              appearance="subtle"
              icon={<PersonProhibited20Regular />}
            >
              {person.data.enabled ? t("person.disable") : t("person.enable")}
            </ButtonLink>
          </>
        )
      }
    >
      <Loaded of={person}>
        {(of) => (
          <Section title={t("person.about")}>
            <Facts
              of={[
                [t("signIn.upn"), <Shown key="upn" text={of.upn} />],
                [t("person.mail"), <Shown key="mail" text={of.mail} />],
                [t("status"), <Enabled key="enabled" on={of.enabled} />],
                [t("person.kind"), t(`person.kind.${of.kind}`)],
                [t("person.created"), <Time key="created" at={of.created} />],
                [t("signIn.password"), of.password ? t("person.password.set") : t("person.password.unset")],
                [
                  t("secondFactor.short"),
                  of.second_factor ? t("person.factor.set") : t("person.factor.unset"),
                ],
                [t("person.exempt"), of.system_account && t("yes")],
                [
                  t("nav.groups"),
                  of.groups.length === 0 ? (
                    t("none")
                  ) : (
                    <Lines of={of.groups} keyOf={(group) => group.id}>
                      {(group) => (
                        <Link to={`/groups/${group.id}`}>
                          <Shown text={group.name} />
                        </Link>
                      )}
                    </Lines>
                  ),
                ],
                [
                  t("nav.roleGroups"),
                  of.role_groups.length === 0 ? (
                    t("none")
                  ) : (
                    <Lines of={of.role_groups} keyOf={(group) => group}>
                      {(group) => (
                        <Link to={namedPath("role-groups", group)}>
                          <Shown text={group} />
                        </Link>
                      )}
                    </Lines>
                  ),
                ],
                [
                  t("person.linked"),
                  of.linked.length > 0 &&
                    of.linked.map((other) => (
                      <div key={other.id}>
                        <Who person={other} />
                      </div>
                    )),
                ],
              ]}
            />
          </Section>
        )}
      </Loaded>
    </Page>
  );
}
