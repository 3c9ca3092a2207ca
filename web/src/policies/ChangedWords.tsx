import { makeStyles, tokens } from "@fluentui/react-components";
import { t } from "../words";
import { Clause } from "./Clause";
import { differences } from "./differences";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: `${tokens.spacingVerticalS} 0`, padding: 0 },
  line: { paddingInlineStart: tokens.spacingHorizontalS, borderLeft: "3px solid transparent" },
  added: { borderLeftColor: tokens.colorPaletteGreenBorderActive },
  removed: { borderLeftColor: tokens.colorPaletteRedBorderActive },
});

/** What a version says, and how that differs from the one before: by mark and word, never by colour alone. */
export function ChangedWords({ before, after }: { before: string[]; after: string[] }) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {differences(before, after).map((clause) => (
        <li
          key={clause.how + clause.text}
          className={`${styles.line} ${clause.how === "added" ? styles.added : clause.how === "removed" ? styles.removed : ""}`}
        >
          {clause.how === "kept" && <Clause text={clause.text} />}
          {clause.how === "added" && (
            <ins>
              {t("difference.added")} <Clause text={clause.text} />
            </ins>
          )}
          {clause.how === "removed" && (
            <del>
              {t("difference.removed")} <Clause text={clause.text} />
            </del>
          )}
        </li>
      ))}
    </ul>
  );
}
