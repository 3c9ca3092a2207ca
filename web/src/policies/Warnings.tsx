import { MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { PolicyWarnings } from "../api/shapes";
import { Shown } from "../ui/Shown";
import { t } from "../words";

/** How many things are to be said of a policy. */
export function count(of: PolicyWarnings): number {
  return of.weaker_than.length + (of.short || of.hangs_on_one ? 1 : 0);
}

/** What is to be said of a policy, in full. */
export function Warnings({ of }: { of: PolicyWarnings }) {
  return (
    <>
      {of.short && (
        <MessageBar intent="error" layout="multiline">
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            <MessageBarTitle>{t("warning.short")}</MessageBarTitle> {t("warning.short.means")}
          </MessageBarBody>
        </MessageBar>
      )}
      {of.hangs_on_one && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            <MessageBarTitle>{t("warning.risk")}</MessageBarTitle> {t("warning.risk.means")}
          </MessageBarBody>
        </MessageBar>
      )}
      {of.weaker_than.map((other) => (
        <MessageBar key={other.target.type + other.target.name} intent="warning" layout="multiline">
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            <MessageBarTitle>{t(`warning.${other.how}`)}</MessageBarTitle> {t(`type.${other.target.type}`)}{" "}
            <Shown text={other.target.name} />
          </MessageBarBody>
        </MessageBar>
      ))}
    </>
  );
}
