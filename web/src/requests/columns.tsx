import type { RequestLine } from "../api/shapes";
import { Link } from "../ui/links";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import type { Column } from "../ui/Table";
import { Time } from "../ui/Time";
import { span } from "../ui/time";
import { t } from "../words";

const number: Column<RequestLine> = {
  key: "number",
  header: t("request.number"),
  cell: (row) => <Link to={`/requests/${row.number}`}>{row.number}</Link>,
};
const target: Column<RequestLine> = {
  key: "target",
  header: t("request.target"),
  cell: (row) => <Shown text={row.target.name} />,
};
const status: Column<RequestLine> = {
  key: "status",
  header: t("status"),
  cell: (row) => (
    <StatusBadge
      status={row.authorization && row.status === "approved" ? row.authorization.status : row.status}
    />
  ),
};
const who: Column<RequestLine> = {
  key: "who",
  header: t("request.requester"),
  cell: (row) => (
    <>
      <Who person={row.requester} plain />
      {row.account && (
        <>
          , {t("request.account.for")} <Who person={row.account} plain />
        </>
      )}
    </>
  ),
};
const reason: Column<RequestLine> = {
  key: "reason",
  header: t("request.reason"),
  cell: (row) => <Shown text={row.reason} />,
  wide: true,
};
const duration: Column<RequestLine> = {
  key: "duration",
  header: t("request.duration.short"),
  cell: (row) => span(row.duration_secs),
  wide: true,
};
const created: Column<RequestLine> = {
  key: "created",
  header: t("request.created"),
  cell: (row) => <Time at={row.created} />,
};

/** One's own requests. */
export const OWN = [number, target, status, reason, duration, created];
/** What waits for a decision. */
export const WAITING = [number, who, target, { ...reason, wide: false }, duration, created];
