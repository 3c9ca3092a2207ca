import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { RequestDetails } from "../api/shapes";
import { Link } from "../ui/links";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { useRequests } from "./requests";

/** What became of the request, on top of its page. */
export function Outcome({ of }: { of: RequestDetails }) {
  if (of.status === "denied") {
    return (
      <Bar intent="error" title={t("outcome.denied")}>
        <Who person={of.decided_by} />, <Time at={of.decided} />
        {of.comment && (
          <>
            : <Shown text={of.comment} />
          </>
        )}
        <Next />
      </Bar>
    );
  }
  if (of.status === "pending" && of.can.includes("cancel")) {
    return (
      <Bar intent="info" title={t("outcome.waits")}>
        {t("outcome.waits.detail")}
      </Bar>
    );
  }
  if (of.status === "pending" && !of.can.includes("approve")) {
    return (
      <Bar intent="success" title={t("outcome.voted")}>
        {t("outcome.voted.detail")}
        <Next />
      </Bar>
    );
  }
  if (of.status === "approved" && of.can.includes("revoke")) {
    return (
      <Bar intent="success" title={t("outcome.approved")}>
        <Time at={of.decided} />
        <Next />
      </Bar>
    );
  }
  return null;
}

function Bar({
  intent,
  title,
  children,
}: {
  intent: "error" | "info" | "success";
  title: string;
  children: React.ReactNode;
}) {
  return (
    <MessageBar intent={intent} layout="multiline" style={{ marginBottom: 16 }}>
      <MessageBarBody style={{ whiteSpace: "normal", paddingBlock: 6 }}>
        <MessageBarTitle>{title}</MessageBarTitle> {children}
      </MessageBarBody>
    </MessageBar>
  );
}

/** Who decides several goes on to the next. */
function Next() {
  const waiting = useRequests({ to_decide: true, limit: 1 });
  const next = waiting.data?.items[0];
  if (!next) return null;
  return (
    <>
      {" "}
      <Link to={`/requests/${next.number}`}>{t("outcome.next", { number: next.number })}</Link>
    </>
  );
}
