import { Button, Field, makeStyles, Spinner, Text, Textarea, tokens } from "@fluentui/react-components";
import { lazy, Suspense, useState } from "react";
import { useIntent } from "../api/intent";
import type { Less as Narrower, ParameterSpec, RequestDetails } from "../api/shapes";
import { SecondFactorDialog } from "../sessions/SecondFactorDialog";
import { useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { span } from "../ui/time";
import { t } from "../words";
import { approve, deny } from "./requests";

const Less = lazy(() => import("./Less"));

const useStyles = makeStyles({
  buttons: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    "@media (max-width: 480px)": { "> *": { flex: "1 1 40%", minHeight: "44px" } },
  },
});

type Act = { how: "approve" | "deny"; less?: Narrower };

/** How many approvals are needed after this one. */
export function stillNeeded(of: Pick<RequestDetails, "stage_groups">): number {
  return of.stage_groups.reduce((sum, stage) => sum + Math.max(0, stage.seats - stage.votes), 0) - 1;
}

/** Approves, approves for less, or denies the statement that this page shows. */
export function Decide({
  of,
  specs,
  done,
}: {
  of: RequestDetails;
  specs: ParameterSpec[];
  done: () => void;
}) {
  const styles = useStyles();
  const form = useFormStyles();
  const [comment, setComment] = useState("");
  const [forLess, setForLess] = useState(false);
  const [less, setLess] = useState<Narrower | null>(null);
  const [missing, setMissing] = useState(false);
  // The digest of what was on the screen when the page was opened: what changed since is refused, and shown.
  const [seen, setSeen] = useState(of.statement);
  const changed = seen !== of.statement;
  const [last, setLast] = useState<Act | null>(null);
  const intent = useIntent(
    (act: Act, key) =>
      act.how === "approve"
        ? approve(of.number, seen, comment.trim(), act.less, key)
        : deny(of.number, seen, comment.trim(), key),
    done,
  );
  const send = (act: Act) => {
    setLast(act);
    intent.send(act);
  };
  const more = stillNeeded(of);
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
                setForLess(false);
              }}
            >
              {t("decide.seen")}
            </Button>
          </Refusal>
        )}
        <Text>{more > 0 ? t("decide.more", { count: more }) : t("decide.last")}</Text>
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
          <Suspense fallback={<Spinner size="tiny" />}>
            <Less key={of.statement} of={of} specs={specs} change={setLess} />
          </Suspense>
        )}
        {intent.problem && <Refusal problem={intent.problem} />}
        <SecondFactorDialog problem={intent.problem} close={intent.reset} again={() => last && send(last)} />
        <div className={styles.buttons}>
          <Button
            appearance="primary"
            disabled={intent.busy || changed || (forLess && less === null)}
            onClick={() => send({ how: "approve", ...(forLess && less ? { less } : {}) })}
          >
            {!forLess
              ? t("decide.approve")
              : less?.duration_secs
                ? t("decide.less.submit", { span: span(less.duration_secs) })
                : t("decide.less.any")}
          </Button>
          <Button
            disabled={intent.busy || changed}
            onClick={() => {
              if (comment.trim() === "") setMissing(true);
              else send({ how: "deny" });
            }}
          >
            {t("decide.deny")}
          </Button>
          {of.approve_for_less && (
            <Button appearance="subtle" aria-expanded={forLess} onClick={() => setForLess(!forLess)}>
              {forLess ? t("decide.less.not") : t("decide.less")}
            </Button>
          )}
        </div>
      </div>
    </Section>
  );
}
