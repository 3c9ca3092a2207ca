import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode } from "react";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Left out where the screen is narrow. */
  wide?: boolean;
}

const NARROW = "@media (max-width: 640px)";

const useStyles = makeStyles({
  frame: { overflowX: "auto" },
  table: {
    width: "100%",
    borderCollapse: "collapse",
    fontSize: tokens.fontSizeBase300,
    [NARROW]: { display: "block" },
  },
  head: {
    [NARROW]: {
      position: "absolute",
      width: "1px",
      height: "1px",
      overflow: "hidden",
      clipPath: "inset(50%)",
    },
  },
  headCell: {
    textAlign: "start",
    fontWeight: tokens.fontWeightSemibold,
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke1}`,
    whiteSpace: "nowrap",
  },
  body: { [NARROW]: { display: "block" } },
  row: {
    ":hover": { backgroundColor: tokens.colorNeutralBackground1Hover },
    [NARROW]: {
      display: "block",
      padding: `${tokens.spacingVerticalM} 0`,
      borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    },
  },
  cell: {
    padding: `${tokens.spacingVerticalM} ${tokens.spacingHorizontalM}`,
    borderBottom: `1px solid ${tokens.colorNeutralStroke2}`,
    verticalAlign: "top",
    overflowWrap: "anywhere",
    [NARROW]: { display: "block", padding: `${tokens.spacingVerticalXXS} 0`, borderBottom: "none" },
  },
  wide: { [NARROW]: { display: "none" } },
  empty: { color: tokens.colorNeutralForeground2, paddingBlock: tokens.spacingVerticalL, display: "block" },
});

/** Rows in columns; where the screen is narrow, each row's cells stand below each other. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
}: {
  label: string;
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  empty: string;
}) {
  const styles = useStyles();
  if (rows.length === 0) return <Text className={styles.empty}>{empty}</Text>;
  // The roles are written out because `display: block` takes them away in some browsers.
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.frame} aria-label={label} tabIndex={0}>
      <table className={styles.table} aria-label={label} role="table">
        <thead className={styles.head} role="rowgroup">
          <tr role="row">
            {columns.map((column) => (
              <th
                key={column.key}
                scope="col"
                role="columnheader"
                className={mergeClasses(styles.headCell, column.wide && styles.wide)}
              >
                {column.header}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className={styles.body} role="rowgroup">
          {rows.map((row) => (
            <tr key={rowKey(row)} className={styles.row} role="row">
              {columns.map((column) => (
                <td
                  key={column.key}
                  role="cell"
                  className={mergeClasses(styles.cell, column.wide && styles.wide)}
                >
                  {column.cell(row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
