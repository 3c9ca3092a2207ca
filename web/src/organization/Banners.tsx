import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useLocation } from "react-router";
import type { Organization } from "../api/shapes";
import { useMe } from "../sessions/session";
import { Link } from "../ui/links";
import { Served } from "../ui/Shown";
import { hasKey, t } from "../words";
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

/** Where what a banner says can be looked at, or mended, by who may. */
const LEADS: Record<string, { to: string; audit?: true }> = {
  quorum_lost: { to: "/policies" },
  quorum_at_risk: { to: "/policies" },
  unseparated: { to: "/runspaces" },
  health: { to: "/runspaces" },
  recovery_used: { to: "/audit?kind=RecoveryUsed&search=", audit: true },
  mail_not_set_up: { to: "/organization" },
  access_off: { to: "/organization" },
  access_observes: { to: "/organization" },
  control_plane_unprotected: { to: "/organization" },
};

function leads(code: string, reads: boolean, audits: boolean): string | undefined {
  const lead = LEADS[code];
  return lead && (lead.audit ? audits : reads) ? lead.to : undefined;
}

/** The host and the organization may both tell that there is no mail; it is said once. */
function once(banners: Organization["banners"]): Organization["banners"] {
  const host = banners.some((banner) => banner.code === "no_mail");
  return host ? banners.filter((banner) => banner.code !== "mail_not_set_up") : banners;
}

/** What everybody must know, on every page. */
export function Banners() {
  const styles = useStyles();
  const organization = useOrganization();
  const me = useMe();
  const reads = me.data?.reads_configuration ?? false;
  const audits = me.data?.searches_audit_log ?? false;
  const place = useLocation();
  // The page that sets it up says so itself.
  const wants = me.data && !me.data.second_factor_enrolled && place.pathname !== "/second-factor";
  const banners = once(organization.data?.banners ?? []);
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
            {hasKey(`banner.is.${banner.code}`) ? (
              t(`banner.is.${banner.code}` as "banner.is.demo")
            ) : (
              <Served text={banner.text} />
            )}
            {leads(banner.code, reads, audits) && (
              <>
                {" "}
                <Link to={leads(banner.code, reads, audits) ?? "/"}>{t("banner.more")}</Link>
              </>
            )}
          </MessageBarBody>
        </MessageBar>
      ))}
    </div>
  );
}
