import { Button, Field, makeStyles, Select, Textarea, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import type { Less, RequestDetails } from "../api/shapes";
import { SecondFactorDialog } from "../sessions/SecondFactorDialog";
import { useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { span } from "../ui/time";
import { t } from "../words";
import { durations } from "./durations";
import { approve, deny } from "./requests";

const useStyles = makeStyles({
  buttons: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    "@media (max-width: 480px)": { "> *": { flex: "1 1 40%", minHeight: "44px" } },
  },
});

type Act = { how: "approve" | "deny"; less?: Less };

/** Approves, approves for less, or denies the statement that this page shows. */
export function Decide({ of }: { of: RequestDetails }) {
  const styles = useStyles();
  const form = useFormStyles();
  const [comment, setComment] = useState("");
  const [forLess, setForLess] = useState(false);
  const [duration, setDuration] = useState(of.duration_secs);
  const [missing, setMissing] = useState(false);
  // The digest of what was on the screen when the page was opened: what changed since is refused, and shown.
  const [seen, setSeen] = useState(of.statement);
  const changed = seen !== of.statement;
  const [last, setLast] = useState<Act | null>(null);
  const intent = useIntent((act: Act, key) =>
    act.how === "approve"
      ? approve(of.number, seen, comment.trim(), act.less, key)
      : deny(of.number, seen, comment.trim(), key),
  );
  const send = (act: Act) => {
    setLast(act);
    intent.send(act);
  };
  const shorter = durations(of.duration_secs);
  return (
    <Section title={t("decide.title")}>
      <div className={form.form}>
        {changed && (
          <Refusal
            problem={{ status: 409, code: "statement_changed", title: "", detail: t("decide.changed") }}
          >
            <Button
              onClick={() => {
                setSeen(of.statement);
                setDuration(of.duration_secs);
              }}
            >
              {t("decide.seen")}
            </Button>
          </Refusal>
        )}
        <Field
          label={t("decide.comment")}
          hint={t("decide.comment.hint")}
          {...(missing
            ? { validationState: "error" as const, validationMessage: t("decide.comment.needed") }
            : {})}
        >
          <Textarea
            rows={2}
            value={comment}
            onChange={(_, data) => {
              setComment(data.value);
              setMissing(false);
            }}
          />
        </Field>
        {forLess && (
          <Field label={t("decide.less.duration")}>
            <Select value={String(duration)} onChange={(_, data) => setDuration(Number(data.value))}>
              {shorter.map((secs) => (
                <option key={secs} value={String(secs)}>
                  {span(secs)}
                </option>
              ))}
            </Select>
          </Field>
        )}
        {intent.problem && <Refusal problem={intent.problem} />}
        <SecondFactorDialog problem={intent.problem} close={intent.reset} again={() => last && send(last)} />
        <div className={styles.buttons}>
          {forLess ? (
            <Button
              appearance="primary"
              disabled={intent.busy || changed || duration >= of.duration_secs}
              onClick={() => send({ how: "approve", less: { duration_secs: duration } })}
            >
              {t("decide.less.submit", { span: span(duration) })}
            </Button>
          ) : (
            <Button
              appearance="primary"
              disabled={intent.busy || changed}
              onClick={() => send({ how: "approve" })}
            >
              {t("decide.approve")}
            </Button>
          )}
          <Button
            disabled={intent.busy || changed}
            onClick={() => {
              if (comment.trim() === "") setMissing(true);
              else send({ how: "deny" });
            }}
          >
            {t("decide.deny")}
          </Button>
          <Button appearance="subtle" aria-expanded={forLess} onClick={() => setForLess(!forLess)}>
            {forLess ? t("decide.less.not") : t("decide.less")}
          </Button>
        </div>
      </div>
    </Section>
  );
}
