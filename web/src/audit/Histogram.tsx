import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { api, got } from "../api/client";
import { both } from "../ui/time";
import { t } from "../words";
import { type Brush, brushed, covered, summary } from "./bins";
import { asQuery, type Filter } from "./filter";

const useStyles = makeStyles({
  frame: { marginBottom: tokens.spacingVerticalL },
  bars: {
    display: "block",
    width: "100%",
    height: "72px",
    cursor: "crosshair",
    touchAction: "pan-y",
    userSelect: "none",
    backgroundColor: tokens.colorNeutralBackground1,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  bar: { fill: tokens.colorBrandBackground },
  brush: { fill: tokens.colorBrandBackground2, stroke: tokens.colorBrandStroke1 },
  ends: {
    display: "flex",
    justifyContent: "space-between",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalM,
    color: tokens.colorNeutralForeground2,
    fontSize: tokens.fontSizeBase200,
  },
});

const PARTS = 60;
const HEIGHT = 100;

/** How many events match over time; a stretch is chosen by drawing over it. */
export function Histogram({ filter, choose }: { filter: Filter; choose: (from: Date, to: Date) => void }) {
  const styles = useStyles();
  const frame = useRef<SVGSVGElement>(null);
  const down = useRef<number | null>(null);
  const [brush, setBrush] = useState<Brush | null>(null);
  const counts = useQuery({
    queryKey: ["audit", "histogram", filter],
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    placeholderData: (before) => before,
    queryFn: async () => {
      const query = { ...asQuery(filter), parts: PARTS };
      return await got(api.GET("/api/v1/audit/histogram", { params: { query } }));
    },
  });
  if (!counts.data || counts.data.items.length === 0) return null;
  const { items, from, to } = counts.data;
  const { events, most } = summary(items);
  const top = Math.max(1, most?.events ?? 1);
  const place = (event: React.PointerEvent) => {
    const box = frame.current?.getBoundingClientRect();
    return box ? { x: event.clientX - box.left, width: box.width } : { x: 0, width: 1 };
  };
  return (
    <figure className={styles.frame} style={{ marginInline: 0 }}>
      <figcaption>
        <Text size={200}>
          {t("histogram.summary", { count: events })}{" "}
          {most && t("histogram.most", { count: most.events, at: both(most.from) })} {t("histogram.how")}
        </Text>
      </figcaption>
      <svg
        ref={frame}
        className={styles.bars}
        viewBox={`0 0 ${items.length} ${HEIGHT}`}
        preserveAspectRatio="none"
        aria-hidden="true"
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          const { x, width } = place(event);
          down.current = x;
          setBrush(brushed(x, x, width, items.length));
        }}
        onPointerMove={(event) => {
          if (down.current === null) return;
          const { x, width } = place(event);
          setBrush(brushed(down.current, x, width, items.length));
        }}
        onPointerCancel={() => {
          down.current = null;
          setBrush(null);
        }}
        onPointerUp={(event) => {
          if (down.current === null) return;
          const { x, width } = place(event);
          const chosen = covered(items, to, brushed(down.current, x, width, items.length));
          down.current = null;
          setBrush(null);
          choose(chosen.from, chosen.to);
        }}
      >
        {brush && (
          <rect
            className={styles.brush}
            x={brush.first}
            y={0}
            width={brush.last - brush.first + 1}
            height={HEIGHT}
            strokeWidth={0.1}
          />
        )}
        {items.map((bar, index) => {
          const height = bar.events === 0 ? 0 : Math.max(3, (bar.events / top) * (HEIGHT - 4));
          return (
            <rect
              key={bar.from}
              className={styles.bar}
              x={index + 0.1}
              y={HEIGHT - height}
              width={0.8}
              height={height}
            />
          );
        })}
      </svg>
      <div className={styles.ends}>
        <span>{both(from)}</span>
        <span>{both(to)}</span>
      </div>
    </figure>
  );
}
