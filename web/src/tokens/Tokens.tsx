import {
  Button,
  Checkbox,
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  Option,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, got } from "../api/client";
import { useIntent } from "../api/intent";
import type { TokenScope } from "../api/shapes";
import { useFormStyles } from "../ui/form";
import { Loaded } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Table } from "../ui/Table";
import { Time } from "../ui/Time";
import { t } from "../words";

const SCOPES = ["request", "execute", "read", "raise"] as const;
const DAYS = [7, 30, 90, 365];

/** One's own API tokens. */
export function Tokens() {
  const form = useFormStyles();
  const [label, setLabel] = useState("");
  const [scopes, setScopes] = useState<TokenScope[]>(["read"]);
  const [days, setDays] = useState(30);
  const tokens = useQuery({
    queryKey: ["tokens"],
    queryFn: async () => await got(api.GET("/api/v1/tokens", { params: { query: { limit: 100 } } })),
  });
  const make = useIntent(async () => {
    const body = { label: label.trim(), scopes, days };
    return await got(api.POST("/api/v1/tokens", { body }));
  });
  const revoke = useIntent((id: string) =>
    got(api.DELETE("/api/v1/tokens/{id}", { params: { path: { id } } })),
  );
  return (
    <Section title={t("tokens.title")}>
      <p style={{ marginTop: 0 }}>{t("tokens.lead")}</p>
      <Loaded of={tokens}>
        {(page) => (
          <Table
            label={t("tokens.title")}
            rows={page.items.filter((token) => token.live)}
            rowKey={(row) => row.id}
            empty={t("tokens.empty")}
            columns={[
              { key: "label", header: t("tokens.label"), cell: (row) => <Shown text={row.label} /> },
              { key: "scopes", header: t("tokens.scopes"), cell: (row) => row.scopes.join(", ") },
              { key: "until", header: t("tokens.until"), cell: (row) => <Time at={row.until} /> },
              {
                key: "revoke",
                header: t("tokens.revoke"),
                cell: (row) => (
                  <Button size="small" disabled={revoke.busy} onClick={() => revoke.send(row.id)}>
                    {t("tokens.revoke")}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Loaded>
      {revoke.problem && <Refusal problem={revoke.problem} />}
      {make.answer && (
        <MessageBar intent="success" layout="multiline">
          <MessageBarBody style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
            <MessageBarTitle>{t("tokens.made")}</MessageBarTitle> <code>{make.answer.token}</code>
          </MessageBarBody>
        </MessageBar>
      )}
      <form
        className={form.form}
        style={{ marginTop: 16 }}
        onSubmit={(event) => {
          event.preventDefault();
          make.send(undefined);
        }}
      >
        <Field label={t("tokens.label")} required>
          <Input value={label} onChange={(_, data) => setLabel(data.value)} />
        </Field>
        <fieldset style={{ border: "none", padding: 0, margin: 0 }}>
          <legend>{t("tokens.scopes")}</legend>
          {SCOPES.map((scope) => (
            <Checkbox
              key={scope}
              label={t(`scope.${scope}`)}
              checked={scopes.includes(scope)}
              onChange={(_, data) =>
                setScopes(data.checked === true ? [...scopes, scope] : scopes.filter((one) => one !== scope))
              }
            />
          ))}
        </fieldset>
        <Field label={t("tokens.days")}>
          <Dropdown
            value={t("tokens.days.of", { count: days })}
            selectedOptions={[String(days)]}
            onOptionSelect={(_, data) => setDays(Number(data.optionValue))}
          >
            {DAYS.map((one) => (
              <Option key={one} value={String(one)}>
                {t("tokens.days.of", { count: one })}
              </Option>
            ))}
          </Dropdown>
        </Field>
        {make.problem && <Refusal problem={make.problem} />}
        <div className={form.actions}>
          <Button type="submit" disabled={make.busy || label.trim() === "" || scopes.length === 0}>
            {t("tokens.new")}
          </Button>
        </div>
      </form>
    </Section>
  );
}
