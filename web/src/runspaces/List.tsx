import { Badge } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, Warning16Regular } from "@fluentui/react-icons";
import type { Runspaces } from "../api/shapes";
import { useRunspaces } from "../overview/overview";
import { Facts } from "../ui/Facts";
import { Lines } from "../ui/Lines";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Table } from "../ui/Table";
import { count as number, t } from "../words";

/** What executes tasks, and how it is. */
export function List() {
  const runspaces = useRunspaces();
  return (
    <Page title={t("nav.runspaces")} lead={t("runspaces.lead")}>
      <Loaded of={runspaces}>
        {(of) => (
          <>
            <Runner of={of.runner} />
            <Section title={t("nav.runspaces")}>
              <Table
                label={t("nav.runspaces")}
                rows={of.items}
                rowKey={(row) => row.name}
                empty={t("runspaces.empty")}
                columns={[
                  { key: "name", header: t("task.runspace"), cell: (row) => <Shown text={row.name} /> },
                  {
                    key: "state",
                    header: t("status"),
                    cell: (row) => (
                      <State
                        good={row.available}
                        word={row.available ? t("runspace.available") : t("runspace.missing")}
                      />
                    ),
                  },
                  {
                    key: "workloads",
                    header: t("runspace.workloads"),
                    cell: (row) =>
                      row.workloads.length === 0 ? (
                        t("runspace.idle")
                      ) : (
                        <Lines of={row.workloads} keyOf={(one) => one.name}>
                          {(one) => (
                            <>
                              <Shown text={one.name} />: {t("runspace.tasks", { count: one.tasks })}
                            </>
                          )}
                        </Lines>
                      ),
                  },
                  { key: "notes", header: t("runspace.notes"), cell: (row) => <Notes of={row.notes} /> },
                ]}
              />
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Runner({ of }: { of: Runspaces["runner"] }) {
  return (
    <Section title={t("runner.title")}>
      <Facts
        of={[
          [t("status"), <State key="state" good={of.state === "connected"} word={t(`runner.${of.state}`)} />],
          [t("execution.why"), of.why && <Shown text={of.why} />],
          [
            t("runner.separated"),
            of.separated !== null && (
              <State
                good={of.separated}
                word={of.separated ? t("runner.separated.yes") : t("runner.separated.no")}
              />
            ),
          ],
          [t("runner.running"), of.running !== null && number(of.running)],
          [t("runspace.notes"), of.notes.length > 0 && <Notes of={of.notes} />],
        ]}
      />
    </Section>
  );
}

function State({ good, word }: { good: boolean; word: string }) {
  return (
    <Badge
      appearance="tint"
      size="large"
      color={good ? "success" : "warning"}
      icon={good ? <CheckmarkCircle16Filled /> : <Warning16Regular />}
    >
      {word}
    </Badge>
  );
}

function Notes({ of }: { of: string[] }) {
  return (
    <Lines of={of} keyOf={(note) => note}>
      {(note) => <Shown text={note} />}
    </Lines>
  );
}
