import { Button, Field, Text, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import type { RequestDetails } from "../api/shapes";
import { useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { answer, question } from "./requests";

/** Questions and answers. */
export function Messages({ of }: { of: RequestDetails }) {
  const form = useFormStyles();
  const [text, setText] = useState("");
  const asks = of.can.includes("question");
  const answers = of.can.includes("answer") && of.messages.some((message) => !message.answer);
  const send = useIntent(
    (_: undefined, key) =>
      asks ? question(of.number, text.trim(), key) : answer(of.number, text.trim(), key),
    () => setText(""),
  );
  if (of.messages.length === 0 && !asks) return null;
  return (
    <Section title={t("messages.title")}>
      {of.messages.map((message) => (
        <p key={message.created} style={{ marginTop: 0 }}>
          <Text weight="semibold">
            {message.answer ? t("messages.answer") : t("messages.question")}{" "}
            <Who person={message.person} plain />
          </Text>{" "}
          <Time at={message.created} />
          <br />
          <Shown text={message.text} lines="many" />
        </p>
      ))}
      {(asks || answers) && (
        <form
          className={form.form}
          onSubmit={(event) => {
            event.preventDefault();
            send.send(undefined);
          }}
        >
          <Field label={asks ? t("messages.ask") : t("messages.reply")}>
            <Textarea rows={2} value={text} onChange={(_, data) => setText(data.value)} />
          </Field>
          {send.problem && <Refusal problem={send.problem} />}
          <div className={form.actions}>
            <Button type="submit" disabled={send.busy || text.trim() === ""}>
              {asks ? t("messages.ask.submit") : t("messages.reply.submit")}
            </Button>
          </div>
        </form>
      )}
    </Section>
  );
}
