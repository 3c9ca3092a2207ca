import type { Overview } from "../api/shapes";
import { Figure, Figures } from "../ui/Figure";
import { Lines } from "../ui/Lines";
import { ButtonLink, Link, namedPath, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { count as number, t } from "../words";
import { useOverview } from "./overview";

type Holder = Overview["standing"]["holders"][number];

/** Who can run what without asking anybody: the number to bring to zero, person by person. */
export function Standing() {
  const overview = useOverview();
  const columns: Column<Holder>[] = [
    {
      key: "who",
      header: t("person"),
      cell: (row) => (
        <Link to={`/people/${row.person.id}`}>
          <Who person={row.person} />
        </Link>
      ),
    },
    { key: "count", header: t("nav.tasks"), cell: (row) => t("runspace.tasks", { count: row.tasks }) },
    {
      key: "tasks",
      header: t("standing.which"),
      cell: (row) => (
        <>
          <Lines of={row.some.slice(0, 5)} keyOf={(name) => name}>
            {(name) => (
              <Link to={taskPath(name)}>
                <Shown text={name} />
              </Link>
            )}
          </Lines>
          {row.tasks > 5 && t("role.more", { count: row.tasks - 5 })}
        </>
      ),
      wide: true,
    },
    {
      key: "through",
      header: t("whoCould.through"),
      cell: (row) => (
        <Lines of={row.role_groups} keyOf={(name) => name}>
          {(name) => (
            <Link to={namedPath("role-groups", name)}>
              <Shown text={name} />
            </Link>
          )}
        </Lines>
      ),
    },
  ];
  return (
    <Page
      title={t("nav.standing")}
      lead={t("standing.lead")}
      commands={
        <>
          <ButtonLink to="/policies/new" appearance="subtle">
            {t("policies.new")}
          </ButtonLink>
          <ButtonLink to="/native-access" appearance="subtle">
            {t("native.link")}
          </ButtonLink>
        </>
      }
    >
      <Loaded of={overview}>
        {({ standing }) => (
          <>
            <Figures>
              <Figure
                label={t("overview.standing")}
                value={number(standing.grants)}
                tone={standing.grants === 0 ? "good" : "warning"}
              >
                {t("standing.pairs")}
              </Figure>
              <Figure label={t("nav.people")} value={number(standing.people)} />
              <Figure label={t("nav.tasks")} value={number(standing.tasks)} />
              <Figure label={t("standing.exemptions")} value={number(standing.exemptions)}>
                <Link to="/organization">{t("nav.access")}</Link>
              </Figure>
            </Figures>
            <Section title={t("standing.holders")}>
              <Table
                label={t("standing.holders")}
                rows={standing.holders}
                rowKey={(row) => row.person.id}
                empty={t("overview.standing.none")}
                columns={columns}
              />
              {standing.people > standing.holders.length && (
                <p>{t("standing.more", { count: standing.people - standing.holders.length })}</p>
              )}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
