import {
  Button,
  Dialog,
  DialogActions,
  DialogBody,
  DialogContent,
  DialogSurface,
  DialogTitle,
  Field,
  ProgressBar,
  Radio,
  RadioGroup,
  Text,
} from "@fluentui/react-components";
import { useRef, useState } from "react";
import { api, got } from "../api/client";
import { type Problem, problemOf } from "../api/problem";
import { useModal } from "../ui/modal";
import { Refusal } from "../ui/Refusal";
import { count as number, t } from "../words";
import { fetched, type Progress, save } from "./download";
import { asQuery, exportPath, type Filter } from "./filter";

const FORMATS = {
  csv: { type: "text/csv", name: "audit-log.csv", heads: 1 },
  jsonl: { type: "application/x-ndjson", name: "audit-log.jsonl", heads: 0 },
  purview: { type: "text/csv", name: "audit-log.csv", heads: 1 },
} as const;
type Format = keyof typeof FORMATS;

/** Before any ledger. */
const EVER = "2000-01-01T00:00:00Z";

/** Exports everything that matches, with progress, without a cap. */
export default function Export({ filter, close }: { filter: Filter; close: () => void }) {
  useModal();
  const [format, setFormat] = useState<Format>("csv");
  const [progress, setProgress] = useState<Progress | null>(null);
  const [expected, setExpected] = useState<number | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [done, setDone] = useState(false);
  const running = useRef<AbortController | null>(null);
  const busy = progress !== null && !done && !problem;
  const start = async () => {
    const stop = new AbortController();
    running.current = stop;
    setDone(false);
    setProblem(null);
    setExpected(null);
    setProgress({ bytes: 0, events: 0 });
    try {
      const { type, name, heads } = FORMATS[format];
      // How many there will be, for the bar only: what comes is counted by itself.
      const query = { from: EVER, ...asQuery(filter), parts: 1 };
      const counted = await got(
        api.GET("/api/v1/audit/histogram", { params: { query }, signal: stop.signal }),
      ).catch(() => null);
      if (counted) setExpected(counted.items.reduce((sum, one) => sum + one.events, 0));
      let told = 0;
      const file = await fetched(
        exportPath(filter, format),
        type,
        (now) => {
          // The page is not painted for every piece.
          if (performance.now() - told < 100) return;
          told = performance.now();
          setProgress({ ...now, events: Math.max(0, now.events - heads) });
        },
        stop.signal,
      );
      setDone(true);
      save(file, name);
    } catch (error) {
      if (!stop.signal.aborted) setProblem(problemOf(error));
      else setProgress(null);
    } finally {
      running.current = null;
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(_, data) => {
        if (data.open) return;
        running.current?.abort();
        close();
      }}
    >
      <DialogSurface>
        <DialogBody>
          <DialogTitle>{t("audit.export")}</DialogTitle>
          <DialogContent>
            <Text block style={{ marginBottom: 12 }}>
              {t("export.lead")}
            </Text>
            <Field label={t("export.format")}>
              <RadioGroup
                value={format}
                disabled={busy}
                onChange={(_, data) => {
                  setFormat(data.value as Format);
                  // What was exported says nothing of another form, which may be asked for at once.
                  setDone(false);
                  setProgress(null);
                }}
              >
                {(Object.keys(FORMATS) as Format[]).map((one) => (
                  <Radio key={one} value={one} label={t(`audit.export.${one}`)} />
                ))}
              </RadioGroup>
            </Field>
            <div aria-live="polite">
              {progress && !problem && (
                <Field
                  validationState={done ? "success" : "none"}
                  validationMessage={
                    done
                      ? t("export.done")
                      : t("export.progress", {
                          count: progress.events,
                          size: number(Math.round(progress.bytes / 1024)),
                        })
                  }
                >
                  <ProgressBar
                    aria-label={t("audit.export")}
                    {...(done
                      ? { value: 1 }
                      : expected
                        ? { value: Math.min(progress.events, expected), max: expected }
                        : {})}
                  />
                </Field>
              )}
            </div>
            {problem && <Refusal problem={problem} />}
          </DialogContent>
          <DialogActions>
            <Button
              onClick={() => {
                running.current?.abort();
                close();
              }}
            >
              {done ? t("close") : t("cancel")}
            </Button>
            <Button appearance="primary" disabled={busy} onClick={() => void start()}>
              {t("audit.export")}
            </Button>
          </DialogActions>
        </DialogBody>
      </DialogSurface>
    </Dialog>
  );
}
