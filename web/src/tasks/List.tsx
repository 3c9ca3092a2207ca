import { Badge, SearchBox } from "@fluentui/react-components";
import { useState } from "react";
import type { TaskLine } from "../api/shapes";
import { useTasks } from "../requests/targets";
import { Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Shown } from "../ui/Shown";
import { type Column, Table } from "../ui/Table";
import { t } from "../words";

const COLUMNS: Column<TaskLine>[] = [
  {
    key: "title",
    header: t("task.title"),
    cell: (row) => (
      <Link to={taskPath(row.name)}>
        <Shown text={row.title} />
      </Link>
    ),
  },
  { key: "name", header: t("task.name"), cell: (row) => <Shown text={row.name} /> },
  { key: "does", header: t("task.does"), cell: (row) => <Shown text={row.description} />, wide: true },
  { key: "protected", header: t("task.protected"), cell: (row) => <Protection of={row} /> },
];

export function Protection({ of }: { of: TaskLine }) {
  if (of.control_plane)
    return (
      <Badge appearance="tint" color="important">
        {t("task.controlPlane")}
      </Badge>
    );
  if (of.protected)
    return (
      <Badge appearance="tint" color="brand">
        {t("task.protected.yes")}
      </Badge>
    );
  return (
    <Badge appearance="outline" color="informative">
      {of.held ? t("task.protected.held") : t("task.protected.no")}
    </Badge>
  );
}

/** What can be asked for and run. */
export function List() {
  const [text, setText] = useState("");
  const tasks = useTasks();
  const words = text.toLowerCase().split(/\s+/);
  const fits = (task: TaskLine) =>
    words.every((word) => `${task.name} ${task.title} ${task.description}`.toLowerCase().includes(word));
  return (
    <Page title={t("nav.tasks")} lead={t("tasks.lead")}>
      <SearchBox
        aria-label={t("tasks.search")}
        placeholder={t("tasks.search")}
        value={text}
        onChange={(_, data) => setText(data.value)}
        style={{ width: "100%", maxWidth: 420, marginBottom: 12 }}
      />
      <Loaded of={tasks}>
        {(page) => (
          <Table
            label={t("nav.tasks")}
            columns={COLUMNS}
            rows={page.items.filter(fits).slice(0, 200)}
            rowKey={(row) => row.name}
            empty={t("tasks.empty")}
          />
        )}
      </Loaded>
    </Page>
  );
}
