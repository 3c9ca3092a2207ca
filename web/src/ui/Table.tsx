import { makeStyles, mergeClasses, Text, tokens } from "@fluentui/react-components";
import type { ReactNode, Ref } from "react";

export interface Column<Row> {
  key: string;
  header: string;
  cell: (row: Row) => ReactNode;
  /** Left out where the screen is narrow. */
  wide?: boolean;
  /** Names that are read as a whole: the column is as wide as they are. */
  names?: true;
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
    // Darker than the page in both looks: on the lighter colours for hovering, links lack contrast in the dark one.
    ":hover": { backgroundColor: tokens.colorNeutralBackground3 },
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
  names: { overflowWrap: "break-word", "& span": { overflowWrap: "break-word" } },
  wide: { [NARROW]: { display: "none" } },
  empty: { color: tokens.colorNeutralForeground2, paddingBlock: tokens.spacingVerticalL, display: "block" },
});

interface Head<Row> {
  label: string;
  columns: Column<Row>[];
}

/** A table around its bodies. */
export function Frame<Row>({
  label,
  columns,
  rowCount,
  table,
  children,
}: Head<Row> & {
  /** How many rows there are with the head; -1 where nobody knows yet. */
  rowCount?: number;
  table?: Ref<HTMLTableElement>;
  children: ReactNode;
}) {
  const styles = useStyles();
  // The roles are written out because `display: block` takes them away in some browsers.
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.frame} aria-label={label} tabIndex={0}>
      <table ref={table} className={styles.table} aria-label={label} role="table" aria-rowcount={rowCount}>
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
        {children}
      </table>
    </section>
  );
}

/** Rows of a table; `from` is the place of the first in a longer list. */
export function Rows<Row>({
  columns,
  rows,
  rowKey,
  from,
  body,
}: {
  columns: Column<Row>[];
  rows: Row[];
  rowKey: (row: Row) => string;
  from?: number;
  body?: Ref<HTMLTableSectionElement>;
}) {
  const styles = useStyles();
  return (
    <tbody ref={body} className={styles.body} role="rowgroup">
      {rows.map((row, index) => (
        <tr
          key={rowKey(row)}
          className={styles.row}
          role="row"
          {...(from === undefined ? {} : { "aria-rowindex": from + index })}
        >
          {columns.map((column) => (
            <td
              key={column.key}
              role="cell"
              className={mergeClasses(styles.cell, column.wide && styles.wide, column.names && styles.names)}
            >
              {column.cell(row)}
            </td>
          ))}
        </tr>
      ))}
    </tbody>
  );
}

/** That there is nothing to list. */
export function Empty({ children }: { children: ReactNode }) {
  const styles = useStyles();
  return <Text className={styles.empty}>{children}</Text>;
}

/** Rows in columns; where the screen is narrow, each row's cells stand below each other. For long lists see `Paged`. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
}: Head<Row> & {
  rows: Row[];
  rowKey: (row: Row) => string;
  empty: string;
}) {
  if (rows.length === 0) return <Empty>{empty}</Empty>;
  return (
    <Frame label={label} columns={columns}>
      <Rows columns={columns} rows={rows} rowKey={rowKey} />
    </Frame>
  );
}
