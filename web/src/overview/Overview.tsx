import { lazy, Suspense } from "react";
import type { Overview as Figures_ } from "../api/shapes";
import { useTakeBacks } from "../take-backs/take-backs";
import { Figure, Figures } from "../ui/Figure";
import { Lines } from "../ui/Lines";
import { Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { span } from "../ui/time";
import { count as number, t } from "../words";
import { useOverview, useRunspaces } from "./overview";

/** The charts are heavy, and only here. */
const Days = lazy(() => import("./Days"));

/** How privileged access is used. */
export function Overview() {
  const overview = useOverview();
  return (
    <Page title={t("nav.overview")} lead={t("overview.lead")}>
      <Loaded of={overview}>{(of) => <Body of={of} />}</Loaded>
    </Page>
  );
}

function Body({ of }: { of: Figures_ }) {
  const runspaces = useRunspaces();
  const open = useTakeBacks();
  const overdue = (open.data?.items ?? []).filter((one) => one.overdue).length;
  const { standing, live, mail, activity } = of;
  const time = activity.time_to_decision;
  const amiss = (runspaces.data?.items ?? []).filter((one) => !one.available || one.notes.length > 0).length;
  return (
    <>
      <Figures>
        <Figure
          label={t("overview.standing")}
          value={number(standing.grants)}
          tone={standing.grants === 0 ? "good" : "warning"}
        >
          <Link to="/standing-access">
            {standing.grants === 0
              ? t("overview.standing.none")
              : t("overview.standing.who", { people: standing.people, tasks: standing.tasks })}
          </Link>
          <div style={{ marginTop: 8 }}>
            <Link to="/native-access">{t("native.link")}</Link>
          </div>
        </Figure>
        <Figure label={t("overview.live")} value={number(live.authorizations)}>
          {t("overview.running", { count: live.executions })}
        </Figure>
        <Figure label={t("overview.waiting")} value={number(live.requests)}>
          {time.median_secs !== null && t("overview.usually", { span: span(Math.max(1, time.median_secs)) })}
        </Figure>
        <Figure
          label={t("nav.takeBacks")}
          value={open.data ? number(open.data.items.length) : "…"}
          {...(overdue > 0 ? { tone: "warning" as const } : {})}
        >
          <Link to="/take-backs">
            {overdue > 0 ? t("takeBacks.overdue", { count: overdue }) : t("takeBacks.fine")}
          </Link>
        </Figure>
        <Figure
          label={t("overview.mail")}
          value={mail.set_up ? number(mail.waiting) : t("overview.mail.none")}
          {...(!mail.set_up || mail.stuck || mail.given_up > 0 ? { tone: "warning" as const } : {})}
        >
          {!mail.set_up
            ? t("overview.mail.notTold")
            : mail.given_up > 0
              ? t("overview.mail.givenUp", { count: mail.given_up })
              : mail.stuck
                ? t("overview.mail.stuck")
                : t("overview.mail.fine")}
        </Figure>
        <Figure
          label={t("nav.runspaces")}
          value={runspaces.data ? number(runspaces.data.items.length) : "…"}
          {...(amiss > 0 || runspaces.data?.runner.state === "disconnected"
            ? { tone: "warning" as const }
            : {})}
        >
          <Link to="/runspaces">
            {amiss > 0 ? t("overview.runspaces.amiss", { count: amiss }) : t("overview.runspaces.fine")}
          </Link>
        </Figure>
      </Figures>
      <Section title={t("overview.days")}>
        <Suspense fallback={<div style={{ height: 320 }} />}>
          <Days of={activity.days} />
        </Suspense>
        {!activity.complete && <p>{t("overview.incomplete")}</p>}
      </Section>
      <Section title={t("overview.time")}>
        {time.decisions === 0 || time.median_secs === null || time.slow_secs === null ? (
          <p style={{ margin: 0 }}>{t("overview.time.none")}</p>
        ) : (
          <p style={{ margin: 0 }}>
            {t("overview.time.median", { count: time.decisions, span: span(Math.max(1, time.median_secs)) })}{" "}
            {t("overview.time.slow", { span: span(Math.max(1, time.slow_secs)) })}
          </p>
        )}
      </Section>
      <Section title={t("overview.approvers")}>
        <Table
          label={t("overview.approvers")}
          rows={activity.approvers}
          rowKey={(row) => row.person.id}
          empty={t("overview.approvers.none")}
          columns={[
            { key: "who", header: t("person"), cell: (row) => <Who person={row.person} /> },
            {
              key: "approved",
              header: t("status.approved"),
              cell: (row) => t("overview.approved", { count: row.approved }),
            },
            {
              key: "denied",
              header: t("status.denied"),
              cell: (row) => t("overview.denied", { count: row.denied }),
            },
            {
              key: "always",
              header: t("overview.always"),
              cell: (row) => (row.always_yes ? t("overview.always.yes") : ""),
            },
          ]}
        />
      </Section>
      <Section title={t("overview.unused")}>
        {of.never_used.length === 0 ? (
          <p style={{ margin: 0 }}>{t("overview.unused.none")}</p>
        ) : (
          <>
            <p style={{ marginTop: 0 }}>{t("overview.unused.lead", { count: of.never_used.length })}</p>
            <div style={{ columns: "280px", columnGap: 24 }}>
              <Lines of={of.never_used.slice(0, 60)} keyOf={(name) => name}>
                {(name) => (
                  <Link to={taskPath(name)}>
                    <Shown text={name} />
                  </Link>
                )}
              </Lines>
            </div>
          </>
        )}
      </Section>
    </>
  );
}
