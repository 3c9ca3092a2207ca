import { LockOpen20Regular } from "@fluentui/react-icons";
import { useParams } from "react-router";
import { PolicyWords } from "../policies/PolicyWords";
import { useRoleGroups, useRoles } from "../requests/targets";
import { Facts } from "../ui/Facts";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";

/** One role: its tasks, the role groups that hold it, and what a request for it demands. */
export function Details() {
  const { workload = "", name = "" } = useParams();
  const full = `${workload}\\${name}`;
  const roles = useRoles();
  const groups = useRoleGroups();
  const found = roles.data?.items.find((role) => role.name.toLowerCase() === full.toLowerCase());
  const holding = (groups.data?.items ?? []).filter((group) => group.roles.includes(found?.name ?? full));
  return (
    <Page
      title={full}
      commands={
        found?.may_ask && (
          <ButtonLink
            to={`/requests/new?type=Role&name=${encodeURIComponent(full)}`}
            appearance="subtle"
            icon={<LockOpen20Regular />}
          >
            {t("nav.new")}
          </ButtonLink>
        )
      }
    >
      <Loaded of={roles}>
        {() =>
          found ? (
            <>
              <Section title={t("role.about")}>
                <Facts
                  of={[
                    [t("policy.version"), String(found.version)],
                    [t("role.held"), found.held ? t("yes") : t("no")],
                    [
                      t("nav.roleGroups"),
                      holding.length === 0 ? (
                        t("none")
                      ) : (
                        <Lines key="groups" of={holding} keyOf={(group) => group.name}>
                          {(group) => (
                            <Link to={namedPath("role-groups", group.name)}>
                              <Shown text={group.name} />
                            </Link>
                          )}
                        </Lines>
                      ),
                    ],
                  ]}
                />
              </Section>
              <Demands policies={found.policies} shut={found.shut} />
              <Section title={t("nav.tasks")}>
                <Lines of={found.tasks} keyOf={(task) => task}>
                  {(task) => (
                    <Link to={taskPath(task)}>
                      <Shown text={task} />
                    </Link>
                  )}
                </Lines>
              </Section>
            </>
          ) : (
            <p>{t("role.unknown")}</p>
          )
        }
      </Loaded>
    </Page>
  );
}

/** What a request for a role or role group demands, and which tasks it does not open. */
export function Demands({
  policies,
  shut,
}: {
  policies: { id: string; title: string; built_in: boolean; words: string[] }[];
  shut: string[];
}) {
  return (
    <Section title={t("task.governs")}>
      {policies.length === 0 && <p style={{ margin: 0 }}>{t("role.noPolicy")}</p>}
      {policies.map((policy) => (
        <div key={policy.id} style={{ marginBottom: 12 }}>
          {policy.built_in ? (
            <Shown text={policy.title} />
          ) : (
            <Link to={`/policies/${policy.id}`}>
              <Shown text={policy.title} />
            </Link>
          )}
          <PolicyWords words={policy.words} />
        </div>
      ))}
      {shut.length > 0 && (
        <>
          <p>{t("role.shut")}</p>
          <Lines of={shut} keyOf={(task) => task}>
            {(task) => (
              <Link to={taskPath(task)}>
                <Shown text={task} />
              </Link>
            )}
          </Lines>
        </>
      )}
    </Section>
  );
}
