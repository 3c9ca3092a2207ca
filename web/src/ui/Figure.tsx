import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  figures: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fit, minmax(min(150px, 100%), 1fr))",
    gap: tokens.spacingHorizontalL,
    marginBlock: `0 ${tokens.spacingVerticalL}`,
    "@media (max-width: 640px)": {
      gap: tokens.spacingHorizontalS,
      gridTemplateColumns: "repeat(auto-fit, minmax(min(140px, 100%), 1fr))",
    },
  },
  figure: {
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusLarge,
    padding: tokens.spacingHorizontalL,
    margin: 0,
    display: "flex",
    flexDirection: "column",
    gap: tokens.spacingVerticalXS,
  },
  warning: { borderTop: `4px solid ${tokens.colorPaletteMarigoldBorderActive}` },
  good: { borderTop: `4px solid ${tokens.colorPaletteGreenBorderActive}` },
  label: { color: tokens.colorNeutralForeground2, fontSize: tokens.fontSizeBase300 },
  value: {
    fontSize: tokens.fontSizeHero800,
    lineHeight: tokens.lineHeightHero800,
    fontWeight: tokens.fontWeightSemibold,
    margin: 0,
  },
  more: { fontSize: tokens.fontSizeBase200, color: tokens.colorNeutralForeground2, minHeight: "24px" },
});

/** Figures beside each other. */
export function Figures({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return <dl className={styles.figures}>{children}</dl>;
}

/** One figure: what it counts, how much, and what to make of it. */
export function Figure({
  label,
  value,
  tone,
  children,
}: {
  label: string;
  value: ReactNode;
  tone?: "warning" | "good";
  children?: ReactNode;
}) {
  const styles = useStyles();
  return (
    <div className={mergeClasses(styles.figure, tone && styles[tone])}>
      <dt className={styles.label}>{label}</dt>
      <dd className={styles.value}>{value}</dd>
      {children && (
        <dd className={styles.more} style={{ margin: 0 }}>
          {children}
        </dd>
      )}
    </div>
  );
}
