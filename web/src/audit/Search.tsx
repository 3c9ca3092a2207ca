import { Button, Link as FluentLink } from "@fluentui/react-components";
import { ArrowDownload20Regular, CheckmarkStarburst20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useSearchParams } from "react-router";
import { api, got } from "../api/client";
import { problemOf } from "../api/problem";
import type { AuditEvent } from "../api/shapes";
import { ButtonLink, Link } from "../ui/links";
import { Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";
import { kindOf } from "./EventFacts";
import { EventPanel } from "./EventPanel";
import { Fields } from "./Fields";
import { asQuery, type Filter, fromAddress, local, toAddress } from "./filter";
import { Histogram } from "./Histogram";

const Export = lazy(() => import("./Export"));

/** Searches the audit log. Nothing is read before it is asked for: each search is recorded. */
export function Search() {
  const [address, setAddress] = useSearchParams();
  const filter = fromAddress(address);
  const asked = address.has("search");
  const [open, setOpen] = useState<AuditEvent | null>(null);
  const [exporting, setExporting] = useState(false);
  const found = useInfiniteQuery({
    queryKey: ["audit", filter],
    enabled: asked,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
    initialPageParam: "",
    queryFn: async ({ pageParam }) => {
      const query = { ...asQuery(filter), limit: 100, ...(pageParam ? { cursor: pageParam } : {}) };
      return await got(api.GET("/api/v1/audit/events", { params: { query } }));
    },
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const search = (wanted: Filter) => {
    const next = toAddress(wanted);
    const same = asked && next.toString() === toAddress(filter).toString();
    if (same) void found.refetch();
    else setAddress(new URLSearchParams([...next, ["search", ""]]));
  };
  const rows = found.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<AuditEvent>[] = [
    { key: "time", header: t("audit.time"), cell: (row) => <Time at={row.time} seconds /> },
    {
      key: "kind",
      header: t("audit.kind"),
      cell: (row) => (
        <FluentLink as="button" type="button" onClick={() => setOpen(row)}>
          {kindOf(row.kind)}
        </FluentLink>
      ),
    },
    { key: "who", header: t("person"), cell: (row) => <Who person={row.person} plain /> },
    { key: "task", header: t("execution.task"), cell: (row) => row.task && <Shown text={row.task} /> },
    {
      key: "outcome",
      header: t("audit.outcome"),
      cell: (row) => row.outcome && <Shown text={row.outcome} />,
      wide: true,
    },
    {
      key: "request",
      header: t("audit.request"),
      cell: (row) => row.request && <Link to={`/requests/${row.request}`}>{row.request}</Link>,
      wide: true,
    },
  ];
  return (
    <Page
      title={t("nav.audit")}
      lead={t("audit.lead")}
      commands={
        <>
          <Button appearance="subtle" icon={<ArrowDownload20Regular />} onClick={() => setExporting(true)}>
            {t("audit.export")}
          </Button>
          <ButtonLink to="/ledger" appearance="subtle" icon={<CheckmarkStarburst20Regular />}>
            {t("audit.verify")}
          </ButtonLink>
        </>
      }
    >
      <Fields key={address.toString()} start={filter} busy={found.isFetching} search={search} />
      {found.error && <Refusal problem={problemOf(found.error)} again={() => void found.refetch()} />}
      {found.data && (
        <>
          <Histogram
            filter={filter}
            choose={(from, to) => search({ ...filter, from: local(from), to: local(to) })}
          />
          <Table
            label={t("nav.audit")}
            columns={columns}
            rows={rows}
            rowKey={(row) => String(row.seq)}
            empty={t("audit.empty")}
          />
        </>
      )}
      {found.hasNextPage && (
        <Button
          style={{ marginTop: 12 }}
          disabled={found.isFetching}
          onClick={() => void found.fetchNextPage()}
        >
          {t("audit.more")}
        </Button>
      )}
      <EventPanel of={open} close={() => setOpen(null)} />
      {exporting && (
        <Suspense>
          <Export filter={filter} close={() => setExporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}
