import { Button, Field, Input } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import type { Session } from "../api/shapes";
import { useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";
import { Door } from "./Door";
import { replacingSession, showSecondFactor, signOut } from "./session";

/** The field for a code of the authenticator, or a recovery code. */
export function CodeForm({ done, cancel }: { done: (session: Session) => void; cancel?: () => void }) {
  const styles = useFormStyles();
  const [code, setCode] = useState("");
  const intent = useIntent(() => replacingSession(() => showSecondFactor(code)), done);
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        intent.send(undefined);
      }}
    >
      <Field label={t("code.field")} hint={t("code.hint")} required>
        <Input
          name="code"
          autoComplete="one-time-code"
          inputMode="text"
          autoCapitalize="none"
          spellCheck={false}
          size="large"
          value={code}
          onChange={(_, data) => setCode(data.value)}
          autoFocus
        />
      </Field>
      {intent.problem && <Refusal problem={intent.problem} />}
      <div className={styles.actions}>
        {cancel && <Button onClick={cancel}>{t("cancel")}</Button>}
        <Button type="submit" appearance="primary" disabled={intent.busy || code.trim().length < 6}>
          {t("code.submit")}
        </Button>
      </div>
    </form>
  );
}

/** The second step of signing in. */
export function Code() {
  return (
    <Door title={t("code.title")} lead={t("code.lead")}>
      <CodeForm done={() => {}} cancel={() => void signOut(false)} />
    </Door>
  );
}
