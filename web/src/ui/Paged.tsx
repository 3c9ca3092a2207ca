import { Button, Spinner } from "@fluentui/react-components";
import { type QueryKey, useQuery } from "@tanstack/react-query";
import { type ReactNode, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { problemOf } from "../api/problem";
import { t } from "../words";
import { Loaded } from "./Page";
import { type Drawn, drawn, heightOf, type Known, learn, NOTHING_KNOWN, type PageOf } from "./pages";
import { Refusal } from "./Refusal";
import { type Column, Empty, Frame, Rows } from "./Table";

/** Rows of a page. With at most `MOST` pages drawn, never more than 200 rows are in the document. */
const SIZE = 40;
const MOST = 5;
/** So far beyond the screen, in pixels, rows are drawn already. */
const MARGIN = 500;

export interface PagedProps<Row> {
  label: string;
  columns: Column<Row>[];
  rowKey: (row: Row) => string;
  empty: string;
  /** What the list is asked for; begins with the noun, so that the list follows what happens. */
  queryKey: QueryKey;
  fetchPage: (place: { limit: number; cursor?: string }) => Promise<PageOf<Row>>;
  /** How long a page counts as fresh; a search that is recorded is never asked again by itself. */
  staleTime?: number;
}

/** Where lists were left, by place in the browser's history, so that going back leads to the same rows. */
const left = new Map<string, { known: Known; scroll: number }>();

/** A list of any length: fetched page by page as one scrolls, and only what is on the screen is in the document. */
export function Paged<Row>(props: PagedProps<Row>) {
  // Another question is another list.
  const place = useLocation().key + JSON.stringify(props.queryKey);
  return <Pages key={place} place={place} {...props} />;
}

function Pages<Row>({ place, ...props }: PagedProps<Row> & { place: string }) {
  const [known, setKnown] = useState(() => left.get(place)?.known ?? NOTHING_KNOWN);
  const [now, setNow] = useState<Drawn>({ first: 0, last: 0 });
  const table = useRef<HTMLTableElement>(null);
  const latest = useRef(known);
  latest.current = known;
  const first = usePage(props, null);

  const look = useCallback(() => {
    const top = table.current?.getBoundingClientRect().top ?? 0;
    const next = drawn(latest.current, -top - MARGIN, window.innerHeight - top + MARGIN, MOST);
    setNow((before) => (before.first === next.first && before.last === next.last ? before : next));
  }, []);
  useEffect(() => {
    let asked = 0;
    const soon = () => {
      cancelAnimationFrame(asked);
      asked = requestAnimationFrame(look);
    };
    window.addEventListener("scroll", soon, { passive: true });
    window.addEventListener("resize", soon);
    return () => {
      cancelAnimationFrame(asked);
      window.removeEventListener("scroll", soon);
      window.removeEventListener("resize", soon);
    };
  }, [look]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is known decides what is drawn
  useLayoutEffect(look, [look, known]);
  useLayoutEffect(() => {
    const before = left.get(place);
    if (before) window.scrollTo(0, before.scroll);
    let scroll = before?.scroll ?? 0;
    const note = () => {
      scroll = window.scrollY;
    };
    window.addEventListener("scroll", note, { passive: true });
    return () => {
      window.removeEventListener("scroll", note);
      left.set(place, { known: latest.current, scroll });
    };
  }, [place]);

  const told = useCallback(
    (page: number, next: string | null) => setKnown((before) => learn(before, page, next)),
    [],
  );
  const measured = useCallback(
    (page: number, height: number) =>
      setKnown((before) =>
        height === 0 || before.heights[page] === height
          ? before
          : { ...before, heights: Object.assign([...before.heights], { [page]: height }) },
      ),
    [],
  );

  const shown: ReactNode[] = [];
  for (let page = now.first; page <= now.last; page += 1) {
    const cursor = known.cursors[page];
    if (cursor === undefined) break;
    shown.push(
      <OnePage
        key={cursor ?? ""}
        page={page}
        cursor={cursor}
        list={props}
        height={known.heights[page]}
        told={told}
        measured={measured}
      />,
    );
  }
  const further = now.last + 1 < known.cursors.length;
  return (
    <Loaded of={first}>
      {(begin) =>
        begin.items.length === 0 ? (
          <Empty>{props.empty}</Empty>
        ) : (
          <>
            <Frame
              label={props.label}
              columns={props.columns}
              rowCount={begin.next ? -1 : begin.items.length + 1}
              table={table}
            >
              <Room height={heightOf(known, 0, now.first)} />
              {shown}
              <Room height={heightOf(known, now.last + 1, known.cursors.length)} />
            </Frame>
            {further && (
              <Button
                style={{ marginTop: 12 }}
                onClick={() =>
                  setNow({ first: Math.max(now.first, now.last + 2 - MOST), last: now.last + 1 })
                }
              >
                {t("paged.more")}
              </Button>
            )}
          </>
        )
      }
    </Loaded>
  );
}

function usePage<Row>({ queryKey, fetchPage, staleTime }: PagedProps<Row>, cursor: string | null) {
  return useQuery({
    queryKey: [...queryKey, { limit: SIZE, cursor }],
    queryFn: () => fetchPage({ limit: SIZE, ...(cursor === null ? {} : { cursor }) }),
    ...(staleTime === undefined ? {} : { staleTime, refetchOnWindowFocus: false }),
  });
}

/** One page while it is on the screen. It follows what happens by itself. */
function OnePage<Row>({
  page,
  cursor,
  list,
  height,
  told,
  measured,
}: {
  page: number;
  cursor: string | null;
  list: PagedProps<Row>;
  height: number | undefined;
  told: (page: number, next: string | null) => void;
  measured: (page: number, height: number) => void;
}) {
  const found = usePage(list, cursor);
  const [body, setBody] = useState<HTMLTableSectionElement | null>(null);
  const next = found.data && (found.data.next ?? null);
  useEffect(() => {
    if (next !== undefined) told(page, next);
  }, [next, page, told]);
  useEffect(() => {
    if (!body) return;
    const seen = new ResizeObserver(() => measured(page, body.offsetHeight));
    seen.observe(body);
    return () => seen.disconnect();
  }, [body, page, measured]);
  if (found.data) {
    return (
      <Rows
        body={setBody}
        columns={list.columns}
        rows={found.data.items}
        rowKey={list.rowKey}
        from={page * SIZE + 2}
      />
    );
  }
  return (
    <tbody>
      <tr>
        <td colSpan={list.columns.length} style={{ height, verticalAlign: "top", padding: 12 }}>
          {found.error ? (
            <Refusal problem={problemOf(found.error)} again={() => void found.refetch()} />
          ) : (
            <Spinner size="tiny" label={t("loading")} style={{ justifyContent: "flex-start" }} />
          )}
        </td>
      </tr>
    </tbody>
  );
}

/** The room of rows that are not drawn. */
function Room({ height }: { height: number }) {
  if (height === 0) return null;
  return (
    <tbody aria-hidden="true">
      <tr>
        <td style={{ height, padding: 0 }} />
      </tr>
    </tbody>
  );
}
