import { VerticalStackedBarChart } from "@fluentui/react-charts";
import { makeStyles, tokens } from "@fluentui/react-components";
import { useLayoutEffect, useRef, useState } from "react";
import type { Overview } from "../api/shapes";
import { Table } from "../ui/Table";
import { locale, count as number, t } from "../words";

type Day = Overview["activity"]["days"][number];

const PARTS = [
  ["approved", tokens.colorPaletteGreenBackground3],
  ["denied", tokens.colorPaletteRedBackground3],
  ["ended", tokens.colorNeutralForeground4],
  ["pending", tokens.colorPaletteMarigoldBackground3],
] as const;

const useStyles = makeStyles({
  chart: { width: "100%", height: "300px", overflow: "hidden" },
  legend: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalL,
    listStyle: "none",
    padding: 0,
    margin: `0 0 ${tokens.spacingVerticalM} 0`,
  },
  mark: {
    display: "inline-block",
    width: "12px",
    height: "12px",
    borderRadius: tokens.borderRadiusSmall,
    marginInlineEnd: tokens.spacingHorizontalXS,
  },
  summary: { cursor: "pointer", minHeight: "24px" },
});

/** Requests by the day on which they were sent and by what became of them: drawn, and as a table. */
export default function Days({ of }: { of: Day[] }) {
  const styles = useStyles();
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useLayoutEffect(() => {
    const element = frame.current;
    if (!element) return;
    const watch = new ResizeObserver(() => setWidth(element.clientWidth));
    watch.observe(element);
    setWidth(element.clientWidth);
    return () => watch.disconnect();
  }, []);
  const day = (from: string | null) =>
    from
      ? new Intl.DateTimeFormat(locale(), { day: "numeric", month: "short", timeZone: "UTC" }).format(
          new Date(from),
        )
      : "";
  const all = of.reduce((sum, one) => sum + one.requests, 0);
  if (all === 0) return <p style={{ margin: 0 }}>{t("overview.days.none")}</p>;
  const most = Math.max(...of.map((one) => one.requests));
  return (
    <>
      <ul className={styles.legend}>
        {PARTS.map(([part, color]) => (
          <li key={part}>
            <span className={styles.mark} style={{ backgroundColor: color }} aria-hidden />
            {t(`overview.part.${part}`)}
          </li>
        ))}
      </ul>
      <div ref={frame} className={styles.chart} aria-hidden="true" inert>
        {width > 0 && (
          <VerticalStackedBarChart
            width={width}
            height={300}
            hideLegend
            hideTooltip
            barWidth={Math.max(4, Math.min(24, Math.floor(width / of.length) - 6))}
            yMaxValue={most}
            yAxisTickCount={Math.min(4, most)}
            tickValues={of
              .filter((_, index) => index % 7 === of.length % 7)
              .map((one) => new Date(one.from ?? 0))}
            customDateTimeFormatter={(date) => day(date.toISOString())}
            data={of.map((one) => ({
              xAxisPoint: new Date(one.from ?? 0),
              chartData: PARTS.map(([part, color]) => ({
                legend: t(`overview.part.${part}`),
                data: one[part],
                color,
              })),
            }))}
          />
        )}
      </div>
      <details>
        <summary className={styles.summary}>{t("overview.days.table")}</summary>
        <Table
          label={t("overview.days")}
          rows={of.filter((one) => one.requests > 0).reverse()}
          rowKey={(row) => row.from ?? ""}
          empty={t("overview.days.none")}
          columns={[
            { key: "day", header: t("audit.time"), cell: (row) => day(row.from) },
            { key: "requests", header: t("overview.requests"), cell: (row) => number(row.requests) },
            ...PARTS.map(([part]) => ({
              key: part,
              header: t(`overview.part.${part}`),
              cell: (row: Day) => number(row[part]),
            })),
          ]}
        />
      </details>
    </>
  );
}
