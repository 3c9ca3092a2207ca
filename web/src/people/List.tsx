import { Badge, SearchBox } from "@fluentui/react-components";
import { PersonAdd20Regular } from "@fluentui/react-icons";
import { useDeferredValue, useState } from "react";
import { api, got } from "../api/client";
import type { PersonLine } from "../api/shapes";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Page } from "../ui/Page";
import { Paged } from "../ui/Paged";
import { Shown } from "../ui/Shown";
import type { Column } from "../ui/Table";
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
  const filter = useDeferredValue(text.trim() ? { text: text.trim() } : {});
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
        onChange={(_, data) => setText(data.value)}
        style={{ width: "100%", maxWidth: 420, marginBottom: 12 }}
      />
      <Paged
        label={t("nav.people")}
        columns={COLUMNS}
        rowKey={(row) => row.id}
        empty={t("people.empty")}
        queryKey={["people", filter]}
        fetchPage={async (place) =>
          await got(api.GET("/api/v1/people", { params: { query: { ...filter, ...place } } }))
        }
      />
    </Page>
  );
}
