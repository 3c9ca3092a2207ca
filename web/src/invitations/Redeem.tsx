import { Button, Field, Input, Text } from "@fluentui/react-components";
import { useState } from "react";
import { useLocation, useNavigate } from "react-router";
import { api, got } from "../api/client";
import { useIntent } from "../api/intent";
import { Door } from "../sessions/Door";
import { enter } from "../sessions/session";
import { useFocus, useFormStyles } from "../ui/form";
import { Refusal } from "../ui/Refusal";
import { Shown } from "../ui/Shown";
import { t } from "../words";

/** Where the mail with a single-use link leads: the secret stands behind the `#`, which browsers don't send. */
export function Redeem() {
  const styles = useFormStyles();
  const go = useNavigate();
  const place = useLocation();
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const link = place.hash.replace(/^#/, "");
  const first = useFocus();
  // Signing in is part of the same act: nobody types again what they typed a moment ago.
  const intent = useIntent(async () => {
    const redeemed = await got(api.POST("/api/v1/invitations/redeem", { body: { link, password } }));
    try {
      const session = await enter(redeemed.upn, password);
      void go(session.second_factor_enrolled ? "/" : "/second-factor", { replace: true });
    } catch {
      // The link is used up and the password stands: the page below leads to the sign-in, which says what is wrong.
    }
    return redeemed;
  });
  if (intent.answer) {
    return (
      <Door title={t("invitation.done")} lead={t("invitation.done.lead")}>
        <div className={styles.form}>
          <Text>
            {t("signIn.upn")}: <Shown text={intent.answer.upn} />
          </Text>
          <div className={styles.actions}>
            <Button appearance="primary" onClick={() => void go("/second-factor", { replace: true })}>
              {t("signIn.submit")}
            </Button>
          </div>
        </div>
      </Door>
    );
  }
  if (!link) {
    return (
      <Door title={t("invitation.title")}>
        <Text>{t("invitation.noLink")}</Text>
      </Door>
    );
  }
  const differs = again !== "" && again !== password;
  return (
    <Door title={t("invitation.title")} lead={t("invitation.lead")}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          if (!differs) intent.send(undefined);
        }}
      >
        <Field label={t("password.new")} hint={t("password.hint")} required>
          <Input
            ref={first}
            type="password"
            autoComplete="new-password"
            size="large"
            value={password}
            onChange={(_, data) => setPassword(data.value)}
          />
        </Field>
        <Field
          label={t("password.again")}
          required
          {...(differs
            ? { validationState: "error" as const, validationMessage: t("password.differs") }
            : {})}
        >
          <Input
            type="password"
            autoComplete="new-password"
            size="large"
            value={again}
            onChange={(_, data) => setAgain(data.value)}
          />
        </Field>
        {intent.problem && <Refusal problem={intent.problem} />}
        <div className={styles.actions}>
          <Button
            type="submit"
            appearance="primary"
            size="large"
            disabled={intent.busy || !password || !again || differs}
          >
            {t("invitation.submit")}
          </Button>
        </div>
      </form>
    </Door>
  );
}
