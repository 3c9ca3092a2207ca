import { useTasks } from "../requests/targets";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { NativeWorkload } from "./NativeWorkload";

/** By which task a workload lists who holds its power natively; the name is a convention of task packs. */
const TASK = "get-standingaccess";

/** The workloads of targets, each with the task that lists who holds its power natively, if it has one. */
export function workloadsOf(tasks: { name: string }[]): { workload: string; task: string | null }[] {
  const found = new Map<string, string | null>();
  for (const { name } of tasks) {
    const [workload = "", task = ""] = name.split("\\", 2);
    // Countersign's own tasks have no power but what it gives itself.
    if (workload === "Countersign") continue;
    if (task.toLowerCase() === TASK) found.set(workload, name);
    else if (!found.has(workload)) found.set(workload, null);
  }
  return [...found].map(([workload, task]) => ({ workload, task }));
}

/** Who could do the same on the targets themselves, past Countersign. */
export function NativeAccess() {
  const tasks = useTasks();
  return (
    <Page title={t("nav.native")} lead={t("native.lead")}>
      <Loaded of={tasks}>
        {(of) => {
          const workloads = workloadsOf(of.items);
          const silent = workloads.filter((one) => one.task === null);
          return (
            <>
              {workloads.length === 0 && <p>{t("native.none")}</p>}
              {workloads.map(
                (one) =>
                  one.task && <NativeWorkload key={one.workload} name={one.workload} task={one.task} />,
              )}
              {silent.length > 0 && (
                <Section title={t("native.silent")}>
                  <p style={{ marginTop: 0 }}>{t("native.silent.why")}</p>
                  <ul style={{ margin: 0, paddingInlineStart: 20 }}>
                    {silent.map((one) => (
                      <li key={one.workload}>
                        <Shown text={one.workload} />
                      </li>
                    ))}
                  </ul>
                </Section>
              )}
            </>
          );
        }}
      </Loaded>
    </Page>
  );
}
