import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";

/** A task's versions: who defined each, and whether it runs otherwise than the one before. */
export function Versions({ name }: { name: string }) {
  const [workload = "", task = ""] = name.split("\\", 2);
  const versions = useQuery({
    queryKey: ["tasks", name, "versions"],
    queryFn: async () => {
      const path = { workload, name: task };
      return await got(api.GET("/api/v1/tasks/{workload}/{name}/versions", { params: { path } }));
    },
  });
  const all = versions.data?.items ?? [];
  // Countersign's own tasks come with the program and have none.
  if (all.length === 0) return null;
  return (
    <Section title={t("policy.history")}>
      <Table
        label={t("policy.history")}
        rows={all}
        rowKey={(row) => String(row.version)}
        empty=""
        columns={[
          { key: "version", header: t("policy.version"), cell: (row) => String(row.version) },
          { key: "created", header: t("audit.time"), cell: (row) => <Time at={row.created} /> },
          { key: "by", header: t("person"), cell: (row) => <Who person={row.by} plain /> },
          {
            key: "runs",
            header: t("version.runs"),
            cell: (row) => {
              const before = all.find((one) => one.version === row.version - 1);
              if (!before) return t("version.first");
              return before.digest === row.digest ? t("version.same") : t("version.changed");
            },
          },
          {
            key: "digest",
            header: t("task.digest"),
            cell: (row) => (
              <code>
                <Shown text={row.digest.slice(0, 16)} />…
              </code>
            ),
            wide: true,
          },
        ]}
      />
    </Section>
  );
}
