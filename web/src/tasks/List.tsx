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
  const whole = { whiteSpace: "nowrap" } as const;
  if (of.control_plane) {
    return (
      <Badge style={whole} appearance="tint" color="important">
        {t("task.controlPlane")}
      </Badge>
    );
  }
  if (of.protected) {
    return (
      <Badge style={whole} appearance="tint" color="brand">
        {t("task.protected.yes")}
      </Badge>
    );
  }
  return (
    <Badge style={whole} appearance="outline" color="informative">
      {of.held ? t("task.protected.held") : t("task.protected.no")}
    </Badge>
  );
}

/** Tasks on targets before Countersign's own, which few people come for. */
function ordered(tasks: TaskLine[]): TaskLine[] {
  const own = (task: TaskLine) => Number(task.workload === "Countersign");
  return [...tasks].sort((a, b) => own(a) - own(b));
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
          <>
            {page.items.every((task) => task.workload === "Countersign") && (
              <p style={{ marginTop: 0 }}>
                {t("tasks.own")} <Link to="/help/packs">{t("setUp.tasks.act")}</Link>
              </p>
            )}
            <Table
              label={t("nav.tasks")}
              columns={COLUMNS}
              rows={ordered(page.items.filter(fits)).slice(0, 200)}
              rowKey={(row) => row.name}
              empty={t("tasks.empty")}
            />
          </>
        )}
      </Loaded>
    </Page>
  );
}
