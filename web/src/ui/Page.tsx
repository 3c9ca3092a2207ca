import {
  makeStyles,
  mergeClasses,
  Spinner,
  Text,
  tokens,
  typographyStyles,
} from "@fluentui/react-components";
import { type ReactNode, useEffect, useRef } from "react";
import { useNavigationType } from "react-router";
import { isOpen } from "../api/intent";
import { problemOf } from "../api/problem";
import { t } from "../words";
import { visible } from "./hidden";
import { Refusal } from "./Refusal";

const useStyles = makeStyles({
  page: {
    padding: `${tokens.spacingVerticalXL} ${tokens.spacingHorizontalXXL} ${tokens.spacingVerticalXXXL}`,
    maxWidth: "1200px",
    boxSizing: "border-box",
    width: "100%",
    "@media (max-width: 640px)": {
      padding: `${tokens.spacingVerticalL} ${tokens.spacingHorizontalL} ${tokens.spacingVerticalXXXL}`,
    },
  },
  narrow: { maxWidth: "760px" },
  title: {
    ...typographyStyles.title2,
    outlineStyle: "none",
    overflowWrap: "anywhere",
    margin: 0,
    display: "block",
  },
  lead: {
    display: "block",
    color: tokens.colorNeutralForeground2,
    marginTop: tokens.spacingVerticalXS,
    maxWidth: "72ch",
  },
  bar: {
    display: "flex",
    flexWrap: "wrap",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    marginTop: tokens.spacingVerticalM,
    paddingBlock: tokens.spacingVerticalXS,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
  },
  body: { marginTop: tokens.spacingVerticalL },
});

/** Whether no screen was shown yet. */
let opening = true;

/** A screen: its title, what can be done on it, and what is on it. */
export function Page({
  title,
  lead,
  commands,
  width,
  children,
}: {
  title: string;
  lead?: ReactNode;
  commands?: ReactNode;
  width?: "narrow";
  children: ReactNode;
}) {
  const styles = useStyles();
  const heading = useRef<HTMLHeadingElement>(null);
  const shown = visible(title);
  useEffect(() => {
    document.title = t("app.title", { page: shown });
  }, [shown]);
  // Who listens to the page hears where a link led; a page that is opened anew begins at its beginning.
  // Who goes back comes to where they were.
  const back = useNavigationType() === "POP";
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page comes
  useEffect(() => {
    if (!opening) {
      // Where the focus alone would scroll to, the bar covers the title.
      if (!back) window.scrollTo(0, 0);
      heading.current?.focus({ preventScroll: true });
    }
    opening = false;
  }, []);
  return (
    <div className={mergeClasses(styles.page, width === "narrow" && styles.narrow)}>
      <h1 ref={heading} tabIndex={-1} className={styles.title}>
        {shown}
      </h1>
      {lead && <Text className={styles.lead}>{lead}</Text>}
      {commands && <div className={styles.bar}>{commands}</div>}
      <div className={styles.body}>{children}</div>
    </div>
  );
}

/** What a query gives once it is there; until then that it loads, or why it did not. */
export function Loaded<T>({
  of,
  children,
}: {
  of: { data: T | undefined; error: unknown; refetch: () => unknown };
  children: (data: T) => ReactNode;
}) {
  if (of.data !== undefined) return children(of.data);
  if (of.error) {
    const problem = problemOf(of.error);
    // Asking again helps where no answer came, not where the answer is no.
    return <Refusal problem={problem} {...(isOpen(problem) ? { again: () => void of.refetch() } : {})} />;
  }
  return <Spinner label={t("loading")} labelPosition="after" style={{ justifyContent: "flex-start" }} />;
}
