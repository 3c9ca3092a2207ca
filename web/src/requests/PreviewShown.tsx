import { MessageBar, MessageBarBody, makeStyles, tokens } from "@fluentui/react-components";
import type { Execution } from "../api/shapes";
import { useExecution } from "../executions/executions";
import { OutputBar, OutputPanes } from "../executions/OutputView";
import { useOutput } from "../executions/output";
import { Facts } from "../ui/Facts";
import { Loaded } from "../ui/Page";
import { Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { Ago, Time } from "../ui/Time";
import { t } from "../words";

const useStyles = makeStyles({
  output: { display: "grid", gap: tokens.spacingVerticalS, marginTop: tokens.spacingVerticalM, minWidth: 0 },
});

/** How a look at a target went, how old it is, and what it showed. */
export function PreviewShown({ execution }: { execution: string }) {
  return <Loaded of={useExecution(execution)}>{(of) => <Shown of={of} />}</Loaded>;
}

function Shown({ of }: { of: Execution }) {
  const styles = useStyles();
  const output = useOutput(of.id, true);
  return (
    <>
      <Facts
        of={[
          [t("preview.outcome"), <StatusBadge key="status" status={of.status} />],
          [
            t("preview.age"),
            <span key="age">
              <Ago at={of.started} />, <Time at={of.started} seconds />
            </span>,
          ],
          [t("preview.by"), <Who key="by" person={of.person} />],
        ]}
      />
      {(of.status === "failed" || of.status === "stopped" || of.status === "unknown") && (
        <MessageBar
          intent={of.status === "failed" ? "error" : "warning"}
          layout="multiline"
          style={{ marginTop: 12 }}
        >
          <MessageBarBody style={{ whiteSpace: "normal" }}>{t(`preview.${of.status}`)}</MessageBarBody>
        </MessageBar>
      )}
      <div className={styles.output}>
        <OutputPanes of={of} output={output} />
        <OutputBar of={of} output={output} />
      </div>
    </>
  );
}
