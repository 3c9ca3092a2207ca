import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useLocation } from "react-router";
import { useOrganization } from "../organization/organization";
import { useMe } from "../sessions/session";
import { Checklist } from "../set-up/Checklist";
import { visible } from "../ui/hidden";
import { Page } from "../ui/Page";
import { t } from "../words";
import { Access } from "./Access";
import { Again } from "./Again";
import { Find } from "./Find";
import { Mine } from "./Mine";
import { StillOwed } from "./StillOwed";
import { Waiting } from "./Waiting";

const useStyles = makeStyles({
  columns: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(340px, 100%), 1fr))",
    columnGap: tokens.spacingHorizontalL,
    alignItems: "start",
  },
});

/** What waits for me, what I may ask for, what I may do now, what I asked for and what I ran. */
export function Home() {
  const styles = useStyles();
  const me = useMe();
  const organization = useOrganization();
  const enabled = (useLocation().state as { enabled?: true } | null)?.enabled;
  return (
    <Page title={t("home.title", { name: visible(me.data?.display_name ?? "") })}>
      {enabled && (
        <MessageBar intent="success" layout="multiline" style={{ marginBottom: 16 }}>
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            <MessageBarTitle>{t("home.enabled.title")}</MessageBarTitle>
            {t("home.enabled")}
          </MessageBarBody>
        </MessageBar>
      )}
      {organization.data?.set_up && me.data?.administrator && <Checklist />}
      <Waiting />
      <Find />
      <div className={styles.columns}>
        <div>
          <Access />
          <StillOwed />
          <Again />
        </div>
        <Mine />
      </div>
    </Page>
  );
}
