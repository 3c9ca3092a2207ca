import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { Ends as Ended } from "../api/shapes";
import { Link } from "../ui/links";
import { t } from "../words";

/** What an act ends, said before it is done. */
export function Ends({ of }: { of: Ended }) {
  if (of.authorizations + of.requests === 0) return <p>{t("ends.nothing")}</p>;
  return (
    <MessageBar intent="warning" layout="multiline" style={{ marginBlock: 12 }}>
      <MessageBarBody style={{ whiteSpace: "normal", paddingBlock: 6 }}>
        <MessageBarTitle>
          {t("ends.title", {
            authorizations: t("ends.authorizations", { count: of.authorizations }),
            requests: t("ends.requests", { count: of.requests }),
          })}
        </MessageBarTitle>{" "}
        {t("ends.told")}{" "}
        {of.numbers.slice(0, 12).map((number, index) => (
          <span key={number}>
            {index > 0 && ", "}
            <Link to={`/requests/${number}`}>{number}</Link>
          </span>
        ))}
        {of.numbers.length > 12 && " …"}
      </MessageBarBody>
    </MessageBar>
  );
}
