import { makeStyles, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0 },
  // High enough for a finger on a link (WCAG 2.2, 2.5.8).
  line: { minHeight: "24px", paddingBlock: tokens.spacingVerticalXXS, boxSizing: "border-box" },
});

/** Things below each other in a cell or a value. */
export function Lines<Item>({
  of,
  keyOf,
  children,
}: {
  of: readonly Item[];
  keyOf: (item: Item) => string;
  children: (item: Item) => ReactNode;
}) {
  const styles = useStyles();
  return (
    <ul className={styles.list}>
      {of.map((item) => (
        <li key={keyOf(item)} className={styles.line}>
          {children(item)}
        </li>
      ))}
    </ul>
  );
}
