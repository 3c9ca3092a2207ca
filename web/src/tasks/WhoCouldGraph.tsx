import { makeStyles, mergeClasses, tokens } from "@fluentui/react-components";
import { visible } from "../ui/hidden";
import { t } from "../words";
import type { Graph, Node } from "./graph";

const useStyles = makeStyles({
  frame: { overflowX: "auto", marginBottom: tokens.spacingVerticalL },
  edge: { stroke: tokens.colorNeutralStroke1, fill: "none", strokeWidth: 1.5 },
  box: { fill: tokens.colorNeutralBackground1, stroke: tokens.colorNeutralStroke1 },
  person: { fill: tokens.colorBrandBackground2, stroke: tokens.colorBrandStroke1 },
  task: { fill: tokens.colorPaletteMarigoldBackground1, stroke: tokens.colorPaletteMarigoldBorderActive },
  label: { fill: tokens.colorNeutralForeground1, fontSize: "12px" },
  kind: { fill: tokens.colorNeutralForeground2, fontSize: "10px" },
});

const WIDTH = 152;
const HEIGHT = 38;
const GAP_X = 32;
const GAP_Y = 10;
/** About as many characters as fit into a box. */
const FITS = 21;

/** The graph, for the eye; the table below it says the same to everybody. */
export function WhoCouldGraph({ of }: { of: Graph }) {
  const styles = useStyles();
  const left = (node: Node) => node.x * (WIDTH + GAP_X) + 1;
  const top = (node: Node) => node.y * (HEIGHT + GAP_Y) + 1;
  const by = new Map(of.nodes.map((node) => [node.id, node]));
  const width = of.columns * (WIDTH + GAP_X) - GAP_X + 2;
  const height = of.rows * (HEIGHT + GAP_Y) - GAP_Y + 2;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className={styles.frame} aria-label={t("whoCould.graph")} tabIndex={0}>
      <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
        {of.edges.map((edge) => {
          const [from, to] = [by.get(edge.from), by.get(edge.to)];
          if (!from || !to) return null;
          const [x1, y1] = [left(from) + WIDTH, top(from) + HEIGHT / 2];
          const [x2, y2] = [left(to), top(to) + HEIGHT / 2];
          const bend = (x1 + x2) / 2;
          return (
            <path
              key={`${edge.from} ${edge.to}`}
              className={styles.edge}
              d={`M${x1} ${y1} C${bend} ${y1} ${bend} ${y2} ${x2} ${y2}`}
            />
          );
        })}
        {of.nodes.map((node) => {
          const label = visible(node.label);
          return (
            <g key={node.id} transform={`translate(${left(node)} ${top(node)})`}>
              <title>{label}</title>
              <rect
                width={WIDTH}
                height={HEIGHT}
                rx={6}
                className={mergeClasses(
                  styles.box,
                  (node.kind === "person" || node.kind === "approver") && styles.person,
                  node.kind === "task" && styles.task,
                )}
              />
              <text x={8} y={14} className={styles.kind}>
                {t(`graph.${node.kind}`)}
              </text>
              <text x={8} y={29} className={styles.label}>
                {label.length > FITS ? `${label.slice(0, FITS - 1)}…` : label}
              </text>
            </g>
          );
        })}
      </svg>
      {of.left > 0 && <p>{t("whoCould.left", { count: of.left })}</p>}
    </section>
  );
}
