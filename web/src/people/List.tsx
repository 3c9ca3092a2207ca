import { Badge, SearchBox } from "@fluentui/react-components";
import { PersonAdd20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api, got } from "../api/client";
import type { PersonLine } from "../api/shapes";
import { Pager } from "../requests/List";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const COLUMNS: Column<PersonLine>[] = [
  {
    key: "name",
    header: t("person.name"),
    cell: (row) => (
      <Link to={`/people/${row.id}`}>
        <Shown text={row.display_name ?? row.upn ?? row.id} />
      </Link>
    ),
  },
  { key: "upn", header: t("signIn.upn"), cell: (row) => <Shown text={row.upn} /> },
  {
    key: "kind",
    header: t("person.kind"),
    cell: (row) => t(`person.kind.${row.kind}`),
    wide: true,
  },
  { key: "enabled", header: t("status"), cell: (row) => <Enabled on={row.enabled} /> },
];

export function Enabled({ on }: { on: boolean }) {
  return (
    <Badge appearance="tint" color={on ? "success" : "danger"}>
      {on ? t("person.enabled") : t("person.disabled")}
    </Badge>
  );
}

/** Everybody. */
export function List() {
  const [text, setText] = useState("");
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  const cursor = cursors[cursors.length - 1];
  const query = useDeferredValue({
    ...(text.trim() ? { text: text.trim() } : {}),
    limit: 100,
    ...(cursor ? { cursor } : {}),
  });
  const people = useQuery({
    queryKey: ["people", query],
    placeholderData: (before) => before,
    queryFn: async () => await got(api.GET("/api/v1/people", { params: { query } })),
  });
  return (
    <Page
      title={t("nav.people")}
      commands={
        <ButtonLink
          to={taskPath("Countersign\\New-User", "/run")}
          appearance="subtle"
          icon={<PersonAdd20Regular />}
        >
          {t("people.new")}
        </ButtonLink>
      }
    >
      <SearchBox
        aria-label={t("people.search")}
        placeholder={t("people.search")}
        value={text}
        onChange={(_, data) => {
          setText(data.value);
          setCursors([undefined]);
        }}
        style={{ width: "100%", maxWidth: 420, marginBottom: 12 }}
      />
      <Loaded of={people}>
        {(page) => (
          <>
            <Table
              label={t("nav.people")}
              columns={COLUMNS}
              rows={page.items}
              rowKey={(row) => row.id}
              empty={t("people.empty")}
            />
            <Pager
              back={cursors.length > 1 ? () => setCursors(cursors.slice(0, -1)) : null}
              on={page.next ? () => setCursors([...cursors, page.next ?? undefined]) : null}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
