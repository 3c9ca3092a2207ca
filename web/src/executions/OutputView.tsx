import {
  Button,
  MessageBar,
  MessageBarBody,
  makeStyles,
  Spinner,
  Text,
  tokens,
} from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { type Problem, problemOf } from "../api/problem";
import type { Execution } from "../api/shapes";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { download, useOutput } from "./output";

const useStyles = makeStyles({
  pane: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: tokens.fontSizeBase300,
    lineHeight: tokens.lineHeightBase300,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalM,
    margin: 0,
    maxHeight: "60vh",
    overflow: "auto",
    whiteSpace: "pre-wrap",
  },
  errors: { borderLeft: `3px solid ${tokens.colorPaletteRedBorder2}` },
  bar: { display: "flex", flexWrap: "wrap", gap: tokens.spacingHorizontalS },
  label: { display: "block", marginBlock: tokens.spacingVerticalS },
});

/** What a run prints, as it prints it. */
export function OutputView({ of }: { of: Printed }) {
  const output = useOutput(of.id, true);
  return (
    <Section title={t("output.title")} aside={<OutputBar of={of} output={output} />}>
      <OutputPanes of={of} output={output} />
    </Section>
  );
}

/** An execution, as far as its output needs it. */
export type Printed = Pick<Execution, "id" | "output">;

interface Following {
  of: Printed;
  output: ReturnType<typeof useOutput>;
}

/** Whether the output still comes, and what of it can be saved. */
export function OutputBar({ of, output }: Following) {
  const styles = useStyles();
  const [problem, setProblem] = useState<Problem | null>(null);
  const save = (stream: "stdout" | "stderr") => {
    setProblem(null);
    download(of.id, stream).catch((error: unknown) => setProblem(problemOf(error)));
  };
  return (
    <span className={styles.bar}>
      {!output.done && <Spinner size="tiny" label={t("output.live")} />}
      {output.done && (output.stdout !== "" || output.stderr !== "") && (
        <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => save("stdout")}>
          {t("output.download")}
        </Button>
      )}
      {output.done && output.stderr !== "" && (
        <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => save("stderr")}>
          {t("output.download.errors")}
        </Button>
      )}
      {problem && <Refusal problem={problem} />}
    </span>
  );
}

/** The output itself: text, whatever it says. */
export function OutputPanes({ of, output }: Following) {
  const styles = useStyles();
  const nothing = output.stdout === "" && output.stderr === "";
  return (
    <>
      {output.problem && <Refusal problem={output.problem} again={output.again} />}
      {(output.cut || of.output?.truncated) && (
        <MessageBar intent="info" layout="multiline">
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            {of.output?.truncated ? t("output.truncated") : t("output.cut")}
          </MessageBarBody>
        </MessageBar>
      )}
      {output.stdout !== "" && <Pane text={output.stdout} label={t("output.stdout")} follow={!output.done} />}
      {output.stderr !== "" && (
        <>
          <Text weight="semibold" className={styles.label}>
            {t("output.stderr")}
          </Text>
          <Pane text={output.stderr} label={t("output.stderr")} follow={!output.done} errors />
        </>
      )}
      {nothing && output.done && !output.problem && <Text>{t("output.none")}</Text>}
      {nothing && !output.done && <Text>{t("output.waiting")}</Text>}
    </>
  );
}

function Pane({
  text,
  label,
  follow,
  errors,
}: {
  text: string;
  label: string;
  follow: boolean;
  errors?: boolean;
}) {
  const styles = useStyles();
  const pane = useRef<HTMLPreElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new text is followed
  useEffect(() => {
    const element = pane.current;
    if (!element || !follow) return;
    const near = element.scrollHeight - element.scrollTop - element.clientHeight < 80;
    if (near) element.scrollTop = element.scrollHeight;
  }, [text, follow]);
  return (
    <pre
      ref={pane}
      className={`${styles.pane} ${errors ? styles.errors : ""}`}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      role="log"
      aria-label={label}
    >
      <Shown text={text} lines="many" />
    </pre>
  );
}
