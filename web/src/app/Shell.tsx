import { Button, makeStyles, Text, tokens } from "@fluentui/react-components";
import { Navigation24Regular } from "@fluentui/react-icons";
import { lazy, Suspense, useEffect, useState } from "react";
import { Outlet, useLocation } from "react-router";
import { useLive } from "../events/live";
import { StaleBanner } from "../events/StaleBanner";
import { Banners } from "../organization/Banners";
import { useOrganization } from "../organization/organization";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { Account } from "./Account";
import { Mark } from "./Mark";
import { Nav } from "./Nav";

const NavDrawer = lazy(() => import("./NavDrawer"));

const NARROW = "@media (max-width: 900px)";

const useStyles = makeStyles({
  skip: {
    position: "absolute",
    left: "-10000px",
    ":focus": {
      left: tokens.spacingHorizontalM,
      top: tokens.spacingVerticalS,
      zIndex: 10,
      padding: tokens.spacingHorizontalS,
      backgroundColor: tokens.colorNeutralBackground1,
      color: tokens.colorNeutralForeground1,
    },
  },
  bar: {
    position: "sticky",
    top: 0,
    zIndex: 5,
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    height: "48px",
    paddingInline: tokens.spacingHorizontalL,
    backgroundColor: tokens.colorNeutralBackground1,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    [NARROW]: { paddingInline: tokens.spacingHorizontalS },
  },
  menu: { display: "none", [NARROW]: { display: "inline-flex" } },
  name: { minWidth: 0, overflow: "hidden", textOverflow: "ellipsis", whiteSpace: "nowrap", flexGrow: 1 },
  organization: {
    color: tokens.colorNeutralForeground2,
    marginInlineStart: tokens.spacingHorizontalS,
    [NARROW]: { display: "none" },
  },
  body: { display: "flex", alignItems: "flex-start" },
  nav: {
    position: "sticky",
    top: "49px",
    width: "248px",
    flexShrink: 0,
    height: "calc(100vh - 49px)",
    overflowY: "auto",
    boxSizing: "border-box",
    borderRight: `1px solid ${tokens.colorNeutralStroke2}`,
    backgroundColor: tokens.colorNeutralBackground1,
    [NARROW]: { display: "none" },
  },
  main: { flexGrow: 1, minWidth: 0 },
});

/** What stands around every page: the bar, the navigation, and the banners. */
export default function Shell() {
  const styles = useStyles();
  const [open, setOpen] = useState(false);
  const place = useLocation();
  const organization = useOrganization();
  const live = useLive();
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever the page changes, the menu closes
  useEffect(() => setOpen(false), [place.pathname]);
  return (
    <>
      <a href="#content" className={styles.skip}>
        {t("shell.skip")}
      </a>
      <header className={styles.bar}>
        <Button
          className={styles.menu}
          appearance="subtle"
          icon={<Navigation24Regular />}
          aria-label={t("shell.menu")}
          aria-expanded={open}
          onClick={() => setOpen(true)}
        />
        <Mark />
        <Text className={styles.name} weight="semibold" size={400}>
          {t("app.name")}
          <Text className={styles.organization} size={300}>
            {organization.data && <Shown text={organization.data.name} />}
          </Text>
        </Text>
        <Account />
      </header>
      <div className={styles.body}>
        <div className={styles.nav}>
          <Nav />
        </div>
        {open && (
          <Suspense>
            <NavDrawer close={() => setOpen(false)} />
          </Suspense>
        )}
        <main id="content" className={styles.main} tabIndex={-1}>
          <StaleBanner live={live} />
          <Banners />
          <Suspense>
            <Outlet />
          </Suspense>
        </main>
      </div>
    </>
  );
}
