import { Button, Field, Input, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, got } from "../api/client";
import { keyed, useIntent } from "../api/intent";
import { foretold } from "../api/problem";
import type { Explanation, Ran, Started } from "../api/shapes";
import { PolicyWords } from "../policies/PolicyWords";
import { SecondFactorDialog } from "../sessions/SecondFactorDialog";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { Loaded } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";
import { type Act, bound, canBeAsked, useExplained } from "./acts";
import { Ends } from "./Ends";

interface GatedActProps {
  act: Act;
  /** What the button says where the act may be done at once. */
  save: string;
  done: (answer: Ran | Started) => void;
  /** Whether what the act ends is said elsewhere on the screen. */
  quiet?: true;
}

/** The end of a form for an administrative act: done at once where that is allowed, else asked for. */
export function GatedAct(props: GatedActProps) {
  const explained = useExplained(props.act);
  return (
    <Loaded of={explained}>
      {(of) => <Judged of={of} stale={explained.isPlaceholderData} {...props} />}
    </Loaded>
  );
}

function Judged({ of, act, save, done, quiet, stale }: GatedActProps & { of: Explanation; stale: boolean }) {
  const form = useFormStyles();
  const intent = useIntent(
    async (body: Act, key): Promise<Ran | Started> =>
      await got(api.POST("/api/v1/executions", { params: keyed(key), body })),
    done,
  );
  if (of.then_refused) return <Refusal problem={foretold(of.then_refused)} />;
  const ends = !quiet && <Ends of={of.ends} />;
  if (of.allowed) {
    const send = () => intent.send(act);
    return (
      <>
        {ends}
        {intent.problem && <Refusal problem={intent.problem} />}
        <SecondFactorDialog problem={intent.problem} close={intent.reset} again={send} />
        <div className={form.actions}>
          <Button appearance="primary" disabled={intent.busy || stale} onClick={send}>
            {save}
          </Button>
        </div>
      </>
    );
  }
  if (canBeAsked(of.refusal?.code)) {
    return (
      <>
        {ends}
        <Asked act={act} of={of} stale={stale} />
      </>
    );
  }
  if (!of.refusal) return null;
  return <Refusal problem={foretold(of.refusal)} />;
}

/** Asks for an act that needs an approval: what is demanded, why, and the request. */
function Asked({ act, of, stale }: { act: Act; of: Explanation; stale: boolean }) {
  const form = useFormStyles();
  const go = useNavigate();
  const [reason, setReason] = useState("");
  const [ticket, setTicket] = useState("");
  const [tried, setTried] = useState(false);
  const policy = of.policies[0];
  const intent = useIntent(
    async (_: undefined, key) => {
      const body = {
        target: { type: "Task" as const, name: act.task },
        constraints: bound(act.values),
        reason: reason.trim(),
        ...(ticket.trim() ? { ticket: ticket.trim() } : {}),
      };
      return await got(api.POST("/api/v1/requests", { params: keyed(key), body }));
    },
    (answer) => void go(`/requests/${answer.number}`),
  );
  const missing = tried && reason.trim() === "";
  return (
    <form
      className={form.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        setTried(true);
        if (reason.trim() !== "") intent.send(undefined);
      }}
    >
      <div>
        <p style={{ marginBottom: 4 }}>{t("act.needs")}</p>
        {policy && <PolicyWords words={policy.words} />}
      </div>
      {policy?.terms.ticket && (
        <Field label={t("request.ticket")} hint={visible(policy.terms.ticket)} required>
          <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
        </Field>
      )}
      <Field
        label={t("request.comments")}
        hint={t("new.comments.hint")}
        required
        {...(missing ? { validationState: "error" as const, validationMessage: t("fault.required") } : {})}
      >
        <Textarea rows={3} value={reason} onChange={(_, data) => setReason(data.value)} />
      </Field>
      {intent.problem && <Refusal problem={intent.problem} />}
      <div className={form.actions}>
        <Button type="submit" appearance="primary" disabled={intent.busy || stale}>
          {t("new.submit")}
        </Button>
      </div>
    </form>
  );
}
