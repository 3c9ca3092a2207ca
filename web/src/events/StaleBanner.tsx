import { MessageBar, MessageBarBody, tokens } from "@fluentui/react-components";
import { t } from "../words";
import type { Live } from "./live";

/** Says when the pages no longer follow what happens. */
export function StaleBanner({ live }: { live: Live }) {
  if (live !== "stale") return null;
  return (
    <div style={{ padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL} 0` }} role="status">
      <MessageBar intent="warning" layout="multiline">
        <MessageBarBody style={{ whiteSpace: "normal" }}>{t("stale")}</MessageBarBody>
      </MessageBar>
    </div>
  );
}
