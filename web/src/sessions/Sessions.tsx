import { Button } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { useIntent } from "../api/intent";
import { Loaded } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";

/** Where one is signed in. */
export function Sessions() {
  const sessions = useQuery({
    queryKey: ["sessions"],
    queryFn: async () => await got(api.GET("/api/v1/sessions")),
  });
  const end = useIntent((id: string) =>
    got(api.DELETE("/api/v1/sessions/{id}", { params: { path: { id } } })),
  );
  return (
    <Section title={t("sessions.title")}>
      <Loaded of={sessions}>
        {(page) => (
          <Table
            label={t("sessions.title")}
            rows={page.items}
            rowKey={(row) => row.id}
            empty={t("none")}
            columns={[
              { key: "created", header: t("sessions.created"), cell: (row) => <Time at={row.created} /> },
              { key: "seen", header: t("sessions.seen"), cell: (row) => <Time at={row.seen} /> },
              {
                key: "end",
                header: t("sessions.end"),
                cell: (row) =>
                  row.current ? (
                    t("sessions.current")
                  ) : (
                    <Button size="small" disabled={end.busy} onClick={() => end.send(row.id)}>
                      {t("sessions.end")}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Loaded>
      {end.problem && <Refusal problem={end.problem} />}
    </Section>
  );
}
