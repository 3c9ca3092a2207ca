import { CounterBadge, makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import {
  ArrowUndo20Regular,
  Building20Regular,
  Certificate20Regular,
  CheckmarkStarburst20Regular,
  ClipboardTask20Regular,
  DataTrending20Regular,
  DocumentSearch20Regular,
  Home20Regular,
  Key20Regular,
  LockOpen20Regular,
  People20Regular,
  PeopleTeam20Regular,
  PersonDesktop20Regular,
  PersonKey20Regular,
  PersonWarning20Regular,
  Play20Regular,
  QuestionCircle20Regular,
  ServerPlay20Regular,
  Settings20Regular,
  ShieldTask20Regular,
  Wrench20Regular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { NavLink } from "react-router";
import { useMe } from "../sessions/session";
import { type Key, t } from "../words";

const useStyles = makeStyles({
  nav: { padding: tokens.spacingVerticalS, paddingBottom: tokens.spacingVerticalXXL },
  group: { listStyle: "none", margin: 0, padding: 0 },
  heading: {
    fontSize: tokens.fontSizeBase200,
    fontWeight: tokens.fontWeightSemibold,
    color: tokens.colorNeutralForeground2,
    margin: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalM} ${tokens.spacingVerticalXS}`,
  },
  link: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalM,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    minHeight: "24px",
    borderRadius: tokens.borderRadiusMedium,
    color: tokens.colorNeutralForeground1,
    textDecorationLine: "none",
    borderLeft: "3px solid transparent",
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    ":focus-visible": { outline: `2px solid ${tokens.colorStrokeFocus2}`, outlineOffset: "-2px" },
  },
  here: {
    backgroundColor: tokens.colorNeutralBackground1Selected,
    fontWeight: tokens.fontWeightSemibold,
    borderLeftColor: tokens.colorCompoundBrandStroke,
  },
  grow: { flexGrow: 1 },
});

interface Entry {
  to: string;
  word: Key;
  icon: ReactElement;
  /** Shown only to who reads configuration. */
  configuration?: true;
  audit?: true;
  /** Shown to who reads configuration or searches the audit log. */
  oversight?: true;
}

const GROUPS: { word: Key | null; entries: Entry[] }[] = [
  {
    word: null,
    entries: [
      { to: "/", word: "nav.home", icon: <Home20Regular /> },
      { to: "/requests/new", word: "nav.new", icon: <LockOpen20Regular /> },
      { to: "/requests", word: "nav.requests", icon: <ClipboardTask20Regular /> },
      { to: "/approvals", word: "nav.approvals", icon: <CheckmarkStarburst20Regular /> },
      { to: "/executions", word: "nav.executions", icon: <Play20Regular /> },
    ],
  },
  {
    word: "nav.catalog",
    entries: [
      { to: "/tasks", word: "nav.tasks", icon: <Wrench20Regular /> },
      { to: "/roles", word: "nav.roles", icon: <Key20Regular /> },
      { to: "/role-groups", word: "nav.roleGroups", icon: <PersonKey20Regular /> },
      { to: "/policies", word: "nav.policies", icon: <ShieldTask20Regular /> },
      { to: "/runspaces", word: "nav.runspaces", icon: <ServerPlay20Regular />, configuration: true },
    ],
  },
  {
    word: "nav.directory",
    entries: [
      { to: "/people", word: "nav.people", icon: <People20Regular />, configuration: true },
      { to: "/groups", word: "nav.groups", icon: <PeopleTeam20Regular /> },
      { to: "/native-access", word: "nav.native", icon: <PersonDesktop20Regular />, oversight: true },
    ],
  },
  {
    word: "nav.compliance",
    entries: [
      { to: "/overview", word: "nav.overview", icon: <DataTrending20Regular />, configuration: true },
      { to: "/standing-access", word: "nav.standing", icon: <PersonWarning20Regular />, configuration: true },
      { to: "/take-backs", word: "nav.takeBacks", icon: <ArrowUndo20Regular />, oversight: true },
      { to: "/audit", word: "nav.audit", icon: <DocumentSearch20Regular />, audit: true },
      { to: "/ledger", word: "nav.ledger", icon: <Certificate20Regular /> },
    ],
  },
  {
    word: "nav.organization",
    entries: [
      { to: "/organization", word: "nav.access", icon: <Building20Regular />, configuration: true },
      { to: "/settings", word: "nav.settings", icon: <Settings20Regular /> },
      { to: "/help", word: "nav.help", icon: <QuestionCircle20Regular /> },
    ],
  },
];

/** The navigation. What a person can never use is left out; what may be refused stays and says why. */
export function Nav() {
  const styles = useStyles();
  const me = useMe();
  const shown = (entry: Entry) =>
    (!entry.configuration || me.data?.reads_configuration) &&
    (!entry.audit || me.data?.searches_audit_log) &&
    (!entry.oversight || me.data?.reads_configuration || me.data?.searches_audit_log);
  return (
    <nav aria-label={t("shell.nav")} className={styles.nav}>
      {GROUPS.map((group) => {
        const entries = group.entries.filter(shown);
        if (entries.length === 0) return null;
        return (
          <div key={group.word ?? ""}>
            {group.word && <div className={styles.heading}>{t(group.word)}</div>}
            <ul className={styles.group}>
              {entries.map((entry) => (
                <li key={entry.to}>
                  <NavLink
                    to={entry.to}
                    end={entry.to === "/" || entry.to.startsWith("/requests")}
                    className={({ isActive }) => mergeClasses(styles.link, isActive && styles.here)}
                  >
                    {entry.icon}
                    <span className={styles.grow}>{t(entry.word)}</span>
                    {entry.to === "/approvals" && (me.data?.to_decide ?? 0) > 0 && (
                      <CounterBadge count={me.data?.to_decide ?? 0} size="small" color="brand" />
                    )}
                  </NavLink>
                </li>
              ))}
            </ul>
          </div>
        );
      })}
    </nav>
  );
}
