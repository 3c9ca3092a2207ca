import { Button, Field, Input, Link, makeStyles, Text, tokens } from "@fluentui/react-components";
import { useState } from "react";
import { useNavigate } from "react-router";
import { api, got } from "../api/client";
import { useIntent } from "../api/intent";
import { replacingSession } from "../sessions/session";
import { useFormStyles } from "../ui/form";
import { Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { t } from "../words";
import { QrCode } from "./QrCode";

const useStyles = makeStyles({
  split: { display: "flex", gap: tokens.spacingHorizontalXXL, flexWrap: "wrap", alignItems: "flex-start" },
  secret: {
    fontFamily: tokens.fontFamilyMonospace,
    overflowWrap: "anywhere",
    display: "block",
    marginTop: tokens.spacingVerticalS,
  },
  side: { flex: "1 1 280px", minWidth: 0 },
  codes: {
    fontFamily: tokens.fontFamilyMonospace,
    columns: "2 140px",
    margin: `${tokens.spacingVerticalM} 0`,
    paddingInlineStart: tokens.spacingHorizontalXL,
  },
});

/** Sets up the authenticator: shows its secret once, takes the first code, and gives recovery codes. */
export function SecondFactor() {
  const styles = useStyles();
  const form = useFormStyles();
  const go = useNavigate();
  const [code, setCode] = useState("");
  const [codes, setCodes] = useState<string[] | null>(null);
  const begin = useIntent(async () => await got(api.POST("/api/v1/me/second-factor/enroll")));
  const confirm = useIntent(
    async () => {
      const body = { code: code.replace(/\s/g, "") };
      return replacingSession(async () => await got(api.POST("/api/v1/me/second-factor/confirm", { body })));
    },
    (answer) => setCodes(answer.recovery_codes),
  );
  if (codes) {
    return (
      <Page title={t("secondFactor.codes.title")} width="narrow">
        <Section title={t("secondFactor.codes")}>
          <Text>{t("secondFactor.codes.lead")}</Text>
          <ul className={styles.codes}>
            {codes.map((code) => (
              <li key={code}>{code}</li>
            ))}
          </ul>
          <div className={form.start}>
            <Button onClick={() => void navigator.clipboard.writeText(codes.join("\n"))}>{t("copy")}</Button>
            <Button appearance="primary" onClick={() => void go("/")}>
              {t("secondFactor.codes.kept")}
            </Button>
          </div>
        </Section>
      </Page>
    );
  }
  return (
    <Page title={t("secondFactor.title")} lead={t("secondFactor.lead")} width="narrow">
      {begin.problem && <Refusal problem={begin.problem} />}
      {!begin.answer && (
        <div className={form.start}>
          <Button appearance="primary" disabled={begin.busy} onClick={() => begin.send(undefined)}>
            {t("secondFactor.begin")}
          </Button>
          <Button onClick={() => void go("/")}>{t("secondFactor.later")}</Button>
        </div>
      )}
      {begin.answer && (
        <Section title={t("secondFactor.scan")}>
          <div className={styles.split}>
            <QrCode text={begin.answer.otpauth} label={t("secondFactor.qr")} />
            <form
              className={`${form.form} ${styles.side}`}
              onSubmit={(event) => {
                event.preventDefault();
                confirm.send(undefined);
              }}
            >
              <Text>
                {t("secondFactor.type")}
                <span className={styles.secret} data-testid="totp-secret">
                  {begin.answer.secret_base32.match(/.{1,4}/g)?.join(" ")}
                </span>
              </Text>
              <div className={form.start}>
                <Button
                  size="small"
                  onClick={() => void navigator.clipboard.writeText(begin.answer?.secret_base32 ?? "")}
                >
                  {t("copy")}
                </Button>
                {/* A phone can't scan its own screen. */}
                <Link href={begin.answer.otpauth}>{t("secondFactor.here")}</Link>
              </div>
              <Field label={t("secondFactor.code")} required>
                <Input
                  inputMode="numeric"
                  autoComplete="one-time-code"
                  value={code}
                  onChange={(_, data) => setCode(data.value)}
                />
              </Field>
              {confirm.problem && <Refusal problem={confirm.problem} />}
              <div className={form.actions}>
                <Button type="submit" appearance="primary" disabled={confirm.busy || code.trim().length < 6}>
                  {t("secondFactor.confirm")}
                </Button>
              </div>
            </form>
          </div>
        </Section>
      )}
    </Page>
  );
}
