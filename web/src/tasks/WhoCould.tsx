import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { WhoCould as Could } from "../api/shapes";
import { Lines } from "../ui/Lines";
import { Link, namedPath } from "../ui/links";
import { Loaded } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { t } from "../words";
import { graphOf } from "./graph";
import { WhoCouldGraph } from "./WhoCouldGraph";

type Way = Could["people"][number]["ways"][number];

/** Who could run a task and through whom: drawn, and as a table that says the same. */
export function WhoCould({ name }: { name: string }) {
  const [workload = "", task = ""] = name.split("\\", 2);
  const could = useQuery({
    queryKey: ["tasks", name, "who-could"],
    queryFn: async () => {
      const path = { workload, name: task };
      return await got(api.GET("/api/v1/tasks/{workload}/{name}/who-could", { params: { path } }));
    },
  });
  return (
    <Section title={t("whoCould.title")}>
      <Loaded of={could}>
        {(of) => (
          <>
            {of.fewest_people !== null && (
              <p style={{ marginTop: 0 }}>{t("whoCould.fewest", { count: of.fewest_people })}</p>
            )}
            {of.people.length > 0 && <WhoCouldGraph of={graphOf(of)} />}
            <Table
              label={t("whoCould.title")}
              rows={of.people}
              rowKey={(row) => row.person.id}
              empty={t("whoCould.nobody")}
              columns={[
                {
                  key: "who",
                  header: t("person"),
                  cell: (row) => (
                    <Link to={`/people/${row.person.id}`}>
                      <Who person={row.person} />
                    </Link>
                  ),
                },
                {
                  key: "through",
                  header: t("whoCould.through"),
                  cell: (row) => (
                    <Lines of={row.ways} keyOf={(way) => JSON.stringify(way)}>
                      {(way) => <Through of={way} all={of} />}
                    </Lines>
                  ),
                },
                { key: "needed", header: t("whoCould.needed"), cell: (row) => String(row.people_needed) },
              ]}
            />
            {of.groups.map((group) => (
              <p key={group.id}>
                <Link to={`/groups/${group.id}`}>
                  <Shown text={group.name} />
                </Link>{" "}
                {t("whoCould.decides")}{" "}
                {group.people.map((person, index) => (
                  <span key={person.id}>
                    {index > 0 && ", "}
                    <Who person={person} plain />
                  </span>
                ))}
              </p>
            ))}
          </>
        )}
      </Loaded>
    </Section>
  );
}

function Through({ of, all }: { of: Way; all: Could }) {
  if (of.role)
    return (
      <>
        {t(`through.${of.through}`)}:{" "}
        <Link to={namedPath("roles", of.role)}>
          <Shown text={of.role} />
        </Link>{" "}
        {of.role_groups.map((group) => (
          <span key={group}>
            · <Shown text={group} />{" "}
          </span>
        ))}
      </>
    );
  if (!of.policy) return <>{t(`through.${of.through}`)}</>;
  const deciding = all.groups.filter((group) => group.policies.includes(of.policy ?? ""));
  return (
    <>
      {t(`through.${of.through}`)}:{" "}
      {of.target ? (
        <Link to={`/policies/${of.policy}`}>
          <Shown text={of.target.name} />
        </Link>
      ) : (
        <Shown text={all.policies.find((policy) => policy.id === of.policy)?.title ?? of.policy} />
      )}{" "}
      {deciding.map((group) => (
        <span key={group.id}>
          · <Shown text={group.name} />{" "}
        </span>
      ))}
    </>
  );
}
