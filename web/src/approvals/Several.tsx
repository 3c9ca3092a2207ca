import {
  Button,
  Field,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Textarea,
} from "@fluentui/react-components";
import { useState } from "react";
import { isOpen, useIntent } from "../api/intent";
import { type Problem, problemOf } from "../api/problem";
import type { RequestLine } from "../api/shapes";
import { approve } from "../requests/requests";
import { SecondFactorDialog } from "../sessions/SecondFactorDialog";
import { useFormStyles } from "../ui/form";
import { Link } from "../ui/links";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { t } from "../words";

interface Result {
  approved: string[];
  refused: { number: string; problem: Problem }[];
}

/** What ends the row: it is not about one request, and the next one would end the same. */
function stops(problem: Problem): boolean {
  return (
    isOpen(problem) ||
    ["assurance_too_low", "second_factor_required", "sign_in_required"].includes(problem.code)
  );
}

/** Approves several requests, each of which was opened: one after the other, each with a vote of its own. */
export function Several({ chosen, clear }: { chosen: RequestLine[]; clear: () => void }) {
  const form = useFormStyles();
  const [comment, setComment] = useState("");
  const intent = useIntent(
    async (rows: RequestLine[], key): Promise<Result> => {
      const result: Result = { approved: [], refused: [] };
      for (const row of rows) {
        try {
          await approve(row.number, row.statement, comment.trim(), undefined, `${key}-${row.number}`);
          result.approved.push(row.number);
        } catch (error) {
          const problem = problemOf(error);
          if (stops(problem)) throw error;
          result.refused.push({ number: row.number, problem });
        }
      }
      return result;
    },
    () => {
      setComment("");
      clear();
    },
  );
  const result = intent.answer;
  if (chosen.length === 0 && !result && !intent.problem) return null;
  return (
    <>
      {result && (
        <MessageBar
          intent={result.refused.length > 0 ? "warning" : "success"}
          layout="multiline"
          role="status"
          style={{ marginBottom: 16 }}
        >
          <MessageBarBody style={{ whiteSpace: "normal", paddingBlock: 6 }}>
            <MessageBarTitle>{t("several.approved", { count: result.approved.length })}</MessageBarTitle>{" "}
            {result.approved.join(", ")}
          </MessageBarBody>
        </MessageBar>
      )}
      {result?.refused.map(({ number, problem }) => (
        <Refusal key={number} problem={problem}>
          <Link to={`/requests/${number}`}>{number}</Link>
        </Refusal>
      ))}
      {chosen.length > 0 && (
        <Section title={t("several.title", { count: chosen.length })}>
          <form
            className={form.form}
            onSubmit={(event) => {
              event.preventDefault();
              intent.send(chosen);
            }}
          >
            <Field label={t("decide.comment")} hint={t("several.comment")}>
              <Textarea rows={2} value={comment} onChange={(_, data) => setComment(data.value)} />
            </Field>
            {intent.problem && <Refusal problem={intent.problem} />}
            <SecondFactorDialog
              problem={intent.problem}
              close={intent.reset}
              again={() => intent.send(chosen)}
            />
            <div className={form.start}>
              <Button type="submit" appearance="primary" disabled={intent.busy}>
                {t("several.submit", { count: chosen.length })}
              </Button>
              <Button onClick={clear}>{t("several.clear")}</Button>
            </div>
          </form>
        </Section>
      )}
    </>
  );
}
