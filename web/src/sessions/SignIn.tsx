import { Button, Field, Input, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import { useFocus, useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";
import { Door } from "./Door";
import { adopt, sessionEnded, signIn } from "./session";

/** Name and password. It stands at whatever address was asked for, so a link in a mail leads on to its page. */
export function SignIn() {
  const styles = useFormStyles();
  const first = useFocus();
  const [upn, setUpn] = useState("");
  const [password, setPassword] = useState("");
  const intent = useIntent(() => signIn(upn.trim(), password), adopt);
  return (
    <Door title={t("signIn.title")} lead={t("signIn.lead")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          intent.send(undefined);
        }}
      >
        {sessionEnded() && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody>{t("signIn.ended")}</MessageBarBody>
          </MessageBar>
        )}
        <Field label={t("signIn.upn")} required>
          <Input
            ref={first}
            type="email"
            name="username"
            autoComplete="username"
            size="large"
            value={upn}
            onChange={(_, data) => setUpn(data.value)}
          />
        </Field>
        <Field label={t("signIn.password")} required>
          <Input
            type="password"
            name="password"
            autoComplete="current-password"
            size="large"
            value={password}
            onChange={(_, data) => setPassword(data.value)}
          />
        </Field>
        {intent.problem && <Refusal problem={intent.problem} />}
        <div className={styles.actions}>
          <Button type="submit" appearance="primary" size="large" disabled={intent.busy || !upn || !password}>
            {t("signIn.submit")}
          </Button>
        </div>
      </form>
    </Door>
  );
}
