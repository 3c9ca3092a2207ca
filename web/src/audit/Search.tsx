import {
  Button,
  Field,
  Link as FluentLink,
  Input,
  Menu,
  MenuItemLink,
  MenuList,
  MenuPopover,
  MenuTrigger,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useSearchParams } from "react-router";
import { api, got } from "../api/client";
import { problemOf } from "../api/problem";
import type { AuditEvent } from "../api/shapes";
import { Link } from "../ui/links";
import { Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Shown, Who } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";
import { kindOf } from "./EventFacts";
import { EventPanel } from "./EventPanel";
import { asQuery, exportPath, type Filter, fromAddress } from "./filter";

const useStyles = makeStyles({
  form: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(220px, 100%), 1fr))",
    gap: tokens.spacingHorizontalM,
    alignItems: "end",
    marginBottom: tokens.spacingVerticalL,
  },
});

const FIELDS: [keyof Filter, "text" | "datetime-local"][] = [
  ["text", "text"],
  ["task", "text"],
  ["request", "text"],
  ["outcome", "text"],
  ["from", "datetime-local"],
  ["to", "datetime-local"],
];

/** Searches the audit log. Nothing is read before it is asked for: each search is recorded. */
export function Search() {
  const styles = useStyles();
  const [address, setAddress] = useSearchParams();
  const filter = fromAddress(address);
  const asked = address.has("search");
  const [typed, setTyped] = useState<Filter>(filter);
  const [open, setOpen] = useState<AuditEvent | null>(null);
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
        <Menu>
          <MenuTrigger disableButtonEnhancement>
            <Button appearance="subtle" icon={<ArrowDownload20Regular />}>
              {t("audit.export")}
            </Button>
          </MenuTrigger>
          <MenuPopover>
            <MenuList>
              {(["csv", "jsonl", "purview"] as const).map((format) => (
                <MenuItemLink key={format} href={exportPath(filter, format)} download>
                  {t(`audit.export.${format}`)}
                </MenuItemLink>
              ))}
            </MenuList>
          </MenuPopover>
        </Menu>
      }
    >
      <search>
        <form
          className={styles.form}
          onSubmit={(event) => {
            event.preventDefault();
            const next = Object.entries(typed).filter(([, value]) => value?.trim());
            setAddress(new URLSearchParams([...(next as [string, string][]), ["search", ""]]));
            if (
              asked &&
              JSON.stringify(fromAddress(new URLSearchParams(next as [string, string][]))) ===
                JSON.stringify(filter)
            )
              void found.refetch();
          }}
        >
          {FIELDS.map(([name, type]) => (
            <Field key={name} label={t(`audit.field.${name as "text"}`)}>
              <Input
                type={type}
                value={typed[name] ?? ""}
                onChange={(_, data) => setTyped({ ...typed, [name]: data.value })}
              />
            </Field>
          ))}
          <Button type="submit" appearance="primary" disabled={found.isFetching}>
            {t("audit.search")}
          </Button>
        </form>
      </search>
      {found.error && <Refusal problem={problemOf(found.error)} again={() => void found.refetch()} />}
      {found.data && (
        <Table
          label={t("nav.audit")}
          columns={columns}
          rows={rows}
          rowKey={(row) => String(row.seq)}
          empty={t("audit.empty")}
        />
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
    </Page>
  );
}
