import { makeStyles, Text, Title2, tokens } from "@fluentui/react-components";
import { type ReactNode, useEffect } from "react";
import { Mark } from "../app/Mark";
import { t } from "../words";

const useStyles = makeStyles({
  outer: {
    minHeight: "100vh",
    display: "flex",
    alignItems: "center",
    justifyContent: "center",
    padding: tokens.spacingHorizontalL,
    boxSizing: "border-box",
    "@media (max-width: 480px)": {
      alignItems: "flex-start",
      padding: 0,
      backgroundColor: tokens.colorNeutralBackground1,
    },
  },
  card: {
    width: "100%",
    maxWidth: "440px",
    boxSizing: "border-box",
    backgroundColor: tokens.colorNeutralBackground1,
    padding: "44px",
    boxShadow: tokens.shadow16,
    borderRadius: tokens.borderRadiusXLarge,
    "@media (max-width: 480px)": { boxShadow: "none", padding: tokens.spacingHorizontalXL, maxWidth: "none" },
  },
  mark: {
    display: "flex",
    alignItems: "center",
    gap: tokens.spacingHorizontalS,
    marginBottom: tokens.spacingVerticalL,
  },
  title: { display: "block", margin: 0 },
  lead: { display: "block", color: tokens.colorNeutralForeground2, marginTop: tokens.spacingVerticalXS },
  body: { marginTop: tokens.spacingVerticalXL },
});

/** The card that pages before the sign-in stand on. */
export function Door({ title, lead, children }: { title: string; lead?: ReactNode; children: ReactNode }) {
  const styles = useStyles();
  useEffect(() => {
    document.title = t("app.title", { page: title });
  }, [title]);
  return (
    <main className={styles.outer}>
      <div className={styles.card}>
        <div className={styles.mark}>
          <Mark />
          <Text weight="semibold" size={400}>
            {t("app.name")}
          </Text>
        </div>
        <Title2 as="h1" className={styles.title}>
          {title}
        </Title2>
        {lead && <Text className={styles.lead}>{lead}</Text>}
        <div className={styles.body}>{children}</div>
      </div>
    </main>
  );
}
