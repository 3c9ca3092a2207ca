import { Button, Link as FluentLink } from "@fluentui/react-components";
import { ArrowDownload20Regular, CheckmarkStarburst20Regular } from "@fluentui/react-icons";
import { useIsFetching } from "@tanstack/react-query";
import { lazy, Suspense, useRef, useState } from "react";
import { useSearchParams } from "react-router";
import { api, got } from "../api/client";
import { queries } from "../api/query";
import type { AuditEvent } from "../api/shapes";
import { ButtonLink, Link } from "../ui/links";
import { Page } from "../ui/Page";
import { Paged } from "../ui/Paged";
import { Shown, Who } from "../ui/Shown";
import type { Column } from "../ui/Table";
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
  const opener = useRef<HTMLElement | null>(null);
  const [exporting, setExporting] = useState(false);
  const queryKey = ["audit", filter];
  const fetching = useIsFetching({ queryKey }) > 0;
  const search = (wanted: Filter) => {
    const next = toAddress(wanted);
    const same = asked && next.toString() === toAddress(filter).toString();
    // The same question again is another search: what was found before is no answer to it.
    if (same) void queries.resetQueries({ queryKey });
    else setAddress(new URLSearchParams([...next, ["search", ""]]));
  };
  const columns: Column<AuditEvent>[] = [
    { key: "time", header: t("audit.time"), cell: (row) => <Time at={row.time} seconds /> },
    {
      key: "kind",
      header: t("audit.kind"),
      cell: (row) => (
        <FluentLink
          as="button"
          type="button"
          onClick={(event) => {
            opener.current = event.currentTarget as HTMLElement;
            setOpen(row);
          }}
        >
          {kindOf(row.kind)}
        </FluentLink>
      ),
    },
    { key: "who", header: t("person"), cell: (row) => <Who person={row.person} plain />, names: true },
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
      <Fields key={address.toString()} start={filter} busy={fetching} search={search} />
      {asked && (
        <>
          <Histogram
            filter={filter}
            choose={(from, to) => search({ ...filter, from: local(from), to: local(to) })}
          />
          <Paged
            label={t("nav.audit")}
            columns={columns}
            rowKey={(row) => String(row.seq)}
            empty={t("audit.empty")}
            queryKey={queryKey}
            // Each page that is read is recorded: none is read twice by itself.
            staleTime={Number.POSITIVE_INFINITY}
            fetchPage={async (place) =>
              await got(
                api.GET("/api/v1/audit/events", { params: { query: { ...asQuery(filter), ...place } } }),
              )
            }
          />
        </>
      )}
      <EventPanel of={open} opener={opener} close={() => setOpen(null)} />
      {exporting && (
        <Suspense>
          <Export filter={filter} close={() => setExporting(false)} />
        </Suspense>
      )}
    </Page>
  );
}
