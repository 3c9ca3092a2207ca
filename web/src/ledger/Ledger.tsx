import {
  Button,
  Field,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  ProgressBar,
  Text,
} from "@fluentui/react-components";
import { ArrowDownload20Regular, ShieldCheckmark20Regular } from "@fluentui/react-icons";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { told } from "../api/client";
import { type Problem, problemOf, readProblem } from "../api/problem";
import { Facts } from "../ui/Facts";
import { useFormStyles } from "../ui/form";
import { Loaded, Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { count as number, t } from "../words";
import { hex, readCheckpoint } from "./note";
import { type Finding, verify } from "./verify";

async function answered(path: string, signal?: AbortSignal): Promise<Response> {
  const answer = await fetch(`/api/v1/ledger/${path}`, {
    credentials: "same-origin",
    ...(signal ? { signal } : {}),
  });
  if (!answer.ok) throw told(readProblem(answer.status, await answer.json().catch(() => undefined)));
  return answer;
}

/** The signed head to keep, and the whole log hashed anew in this browser. */
export function Ledger() {
  const head = useQuery({
    queryKey: ["ledger", "checkpoint"],
    queryFn: async () => {
      const note = await (await answered("checkpoint")).text();
      return readCheckpoint(note);
    },
  });
  return (
    <Page title={t("nav.ledger")} lead={t("ledger.lead")} width="narrow">
      <Section title={t("ledger.head")}>
        <Loaded of={head}>
          {(of) =>
            of ? (
              <Facts
                of={[
                  [t("settings.ledger"), <Shown key="origin" text={of.origin} />],
                  [t("ledger.size"), number(of.size)],
                  [t("ledger.root"), <code key="root">{hex(of.root)}</code>],
                ]}
              />
            ) : (
              <Text>{t("ledger.found.not_a_checkpoint")}</Text>
            )
          }
        </Loaded>
        <p>{t("ledger.keep")}</p>
        <div style={{ display: "flex", gap: 8, flexWrap: "wrap" }}>
          <Button
            as="a"
            href="/api/v1/ledger/checkpoint"
            download="checkpoint.txt"
            icon={<ArrowDownload20Regular />}
          >
            {t("ledger.download")}
          </Button>
          <Button as="a" href="/api/v1/ledger/vkey" download="ledger.vkey" icon={<ArrowDownload20Regular />}>
            {t("ledger.key")}
          </Button>
        </div>
      </Section>
      <Verify />
      <Section title={t("ledger.more")}>
        <p style={{ marginTop: 0 }}>{t("ledger.more.lead")}</p>
        <code>countersign ledger verify</code>
      </Section>
    </Page>
  );
}

type State =
  | { at: "idle" }
  | { at: "running"; done: number; of: number }
  | { at: "found"; finding: Finding }
  | { at: "failed"; problem: Problem };

function Verify() {
  const form = useFormStyles();
  const [kept, setKept] = useState<string | null>(null);
  const [state, setState] = useState<State>({ at: "idle" });
  const running = useRef<AbortController | null>(null);
  useEffect(() => () => running.current?.abort(), []);
  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setState({ at: "running", done: 0, of: 1 });
    try {
      const head = await (await answered("checkpoint", stop.signal)).text();
      const key = await (await answered("vkey", stop.signal)).text();
      const bundle = async (path: string) =>
        new Uint8Array(await (await answered(`tile/${path}`, stop.signal)).arrayBuffer());
      let told = 0;
      const tell = (done: number, of: number) => {
        if (performance.now() - told < 100) return;
        told = performance.now();
        setState({ at: "running", done, of });
      };
      const finding = await verify({ head, key, kept, bundle }, tell, stop.signal);
      setState({ at: "found", finding });
    } catch (error) {
      setState(stop.signal.aborted ? { at: "idle" } : { at: "failed", problem: problemOf(error) });
    }
  };
  return (
    <Section title={t("ledger.verify")}>
      <div className={form.form}>
        <Text>{t("ledger.verify.lead")}</Text>
        <Field label={t("ledger.kept")} hint={t("ledger.kept.hint")}>
          {(control) => (
            <input
              {...control}
              type="file"
              accept=".txt,text/plain"
              onChange={(event) => {
                const file = event.currentTarget.files?.[0];
                if (!file) setKept(null);
                else void file.text().then(setKept);
              }}
            />
          )}
        </Field>
        <div aria-live="polite">
          {state.at === "running" && (
            <Field
              validationState="none"
              validationMessage={t("ledger.progress", { count: state.done, of: number(state.of) })}
            >
              <ProgressBar aria-label={t("ledger.verify")} value={state.done} max={Math.max(1, state.of)} />
            </Field>
          )}
          {state.at === "found" && <Found of={state.finding} />}
          {state.at === "failed" && <Refusal problem={state.problem} />}
        </div>
        <div className={form.actions}>
          {state.at === "running" ? (
            <Button onClick={() => running.current?.abort()}>{t("cancel")}</Button>
          ) : (
            <Button appearance="primary" icon={<ShieldCheckmark20Regular />} onClick={() => void start()}>
              {t("ledger.verify.start")}
            </Button>
          )}
        </div>
      </div>
    </Section>
  );
}

function Found({ of }: { of: Finding }) {
  if (of.found !== "intact")
    return (
      <MessageBar intent="error" layout="multiline">
        <MessageBarBody style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
          <MessageBarTitle>{t("ledger.wrong")}</MessageBarTitle> {t(`ledger.found.${of.found}`)}{" "}
          {"expected" in of && (
            <>
              <code>{of.expected}</code> ≠ <code>{of.root}</code>
            </>
          )}
        </MessageBarBody>
      </MessageBar>
    );
  return (
    <MessageBar intent="success" layout="multiline">
      <MessageBarBody style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
        <MessageBarTitle>{t("ledger.intact")}</MessageBarTitle> {t("ledger.intact.all", { count: of.size })}{" "}
        {of.kept !== null && t("ledger.intact.kept", { count: of.kept })}{" "}
        {of.signature === "checked" ? t("ledger.intact.signed") : t("ledger.intact.unsigned")}
      </MessageBarBody>
    </MessageBar>
  );
}
