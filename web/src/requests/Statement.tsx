import { makeStyles, Text, tokens } from "@fluentui/react-components";
import type { RequestDetails } from "../api/shapes";
import { Disclosure } from "../ui/Disclosure";
import { Shown } from "../ui/Shown";
import { t } from "../words";

const useStyles = makeStyles({
  code: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase200,
    overflowWrap: "anywhere",
    display: "block",
    padding: tokens.spacingHorizontalM,
    marginBlock: tokens.spacingVerticalS,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
  },
});

/** The digest that is approved, explained, and the exact text it stands for. */
export function Statement({ of }: { of: RequestDetails }) {
  const styles = useStyles();
  return (
    <Disclosure title={t("statement.title")}>
      <Text>{t("statement.explained")}</Text>
      <code className={styles.code} data-testid="digest">
        {of.statement}
      </code>
      {of.statement_text && (
        <code className={styles.code}>
          <Shown text={of.statement_text} />
        </code>
      )}
    </Disclosure>
  );
}
