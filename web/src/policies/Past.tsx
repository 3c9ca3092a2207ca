import type { Judged, PastRequests } from "../api/shapes";
import { Link } from "../ui/links";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { hasKey, t } from "../words";

/** What would become of a request, in words. */
export function judgedWords(of: Judged): string {
  switch (of.verdict) {
    case "not_needed":
      return t("judged.notNeeded");
    case "at_once":
      return t("judged.atOnce");
    case "decided":
      return t("judged.decided", { count: of.people });
    case "refused":
      return t("judged.refused", { why: why(of.code) });
  }
}

/** Why a request would be refused, in words where there are some. */
function why(code: string): string {
  if (hasKey(`judged.${code}`)) return t(`judged.${code}` as "judged.ticket_required");
  return hasKey(`code.${code}`) ? t(`code.${code}` as "code.not_found") : code;
}

/** What the last 90 days' requests would have met. */
export function Past({ of }: { of: PastRequests }) {
  return (
    <section aria-label={t("past.title")}>
      <h3 style={{ marginBottom: 4 }}>{t("past.title")}</h3>
      <p style={{ marginTop: 0 }}>
        {t("past.concerned", { count: of.concerned })} {of.same > 0 && t("past.same", { count: of.same })}{" "}
        {of.unknown > 0 && t("past.unknown", { count: of.unknown })} {!of.complete && t("past.incomplete")}
      </p>
      {of.outcomes.length > 0 && (
        <ul>
          {of.outcomes.map((shift) => (
            <li key={JSON.stringify([shift.now, shift.then])}>
              {t("past.shift", {
                count: shift.requests,
                now: judgedWords(shift.now),
                after: judgedWords(shift.then),
              })}
            </li>
          ))}
        </ul>
      )}
      {of.changed.length > 0 && (
        <Table
          label={t("past.title")}
          rows={of.changed}
          rowKey={(row) => row.number}
          empty=""
          columns={[
            {
              key: "number",
              header: t("request.number"),
              cell: (row) => <Link to={`/requests/${row.number}`}>{row.number}</Link>,
            },
            {
              key: "created",
              header: t("request.created"),
              cell: (row) => <Time at={row.created} />,
              wide: true,
            },
            {
              key: "who",
              header: t("request.requester"),
              cell: (row) => <Who person={row.requester} plain />,
              names: true,
            },
            {
              key: "what",
              header: t("request.target"),
              cell: (row) => <Shown text={row.target.name} />,
              wide: true,
            },
            { key: "now", header: t("past.now"), cell: (row) => judgedWords(row.now) },
            { key: "then", header: t("past.then"), cell: (row) => judgedWords(row.then) },
          ]}
        />
      )}
    </section>
  );
}
