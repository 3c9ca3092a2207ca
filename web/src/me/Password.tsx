import { Button, Field, Input, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useState } from "react";
import { api, got } from "../api/client";
import { useIntent } from "../api/intent";
import { replacingSession } from "../sessions/session";
import { useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { t } from "../words";

/** Changes one's own password; every other session ends. */
export function Password() {
  const form = useFormStyles();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const intent = useIntent(
    () =>
      replacingSession(
        async () => await got(api.POST("/api/v1/me/password", { body: { current, new: next } })),
      ),
    () => {
      setCurrent("");
      setNext("");
    },
  );
  return (
    <Section title={t("password.title")}>
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          intent.send(undefined);
        }}
      >
        <Field label={t("password.current")} required>
          <Input
            type="password"
            autoComplete="current-password"
            value={current}
            onChange={(_, data) => setCurrent(data.value)}
          />
        </Field>
        <Field label={t("password.new")} hint={t("password.hint")} required>
          <Input
            type="password"
            autoComplete="new-password"
            value={next}
            onChange={(_, data) => setNext(data.value)}
          />
        </Field>
        {intent.problem && <Refusal problem={intent.problem} />}
        {intent.answer && (
          <MessageBar intent="success">
            <MessageBarBody>{t("password.changed")}</MessageBarBody>
          </MessageBar>
        )}
        <div className={form.actions}>
          <Button type="submit" disabled={intent.busy || !current || !next}>
            {t("password.change")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
