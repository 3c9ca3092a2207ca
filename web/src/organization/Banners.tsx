import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useMe } from "../sessions/session";
import { Link } from "../ui/links";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { useOrganization } from "./organization";

const useStyles = makeStyles({
  banners: {
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalL} 0`,
  },
  body: { whiteSpace: "normal" },
});

/** What everybody must know, on every page. */
export function Banners() {
  const styles = useStyles();
  const organization = useOrganization();
  const me = useMe();
  const wants = me.data && !me.data.second_factor_enrolled;
  const banners = organization.data?.banners ?? [];
  if (banners.length === 0 && !wants) return null;
  return (
    <div className={styles.banners}>
      {wants && (
        <MessageBar intent="warning" layout="multiline">
          <MessageBarBody className={styles.body}>
            <MessageBarTitle>{t("banner.secondFactor.title")}</MessageBarTitle>
            {t("banner.secondFactor")} <Link to="/second-factor">{t("banner.secondFactor.link")}</Link>
          </MessageBarBody>
        </MessageBar>
      )}
      {banners.map((banner) => (
        <MessageBar
          key={banner.code + banner.text}
          intent={banner.code === "set_up" ? "info" : "warning"}
          layout="multiline"
        >
          <MessageBarBody className={styles.body}>
            <Shown text={banner.text} />
          </MessageBarBody>
        </MessageBar>
      ))}
    </div>
  );
}
