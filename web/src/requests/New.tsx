import { Button, MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useIntent } from "../api/intent";
import type { AskedPolicy, NewRequest, TargetType } from "../api/shapes";
import { useOrganization } from "../organization/organization";
import { boundIn, constraintsOf, type Freedom, isBound } from "../parameters/constraints";
import { Form } from "../parameters/Form";
import { typed } from "../parameters/read";
import { type Draft, isRequired, open, sets } from "../parameters/spec";
import { useFormStyles } from "../ui/form";
import { ButtonLink, taskPath } from "../ui/links";
import { Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { Demands } from "./Demands";
import { ceiling, usual } from "./durations";
import { HowLong, NO_TERMS } from "./HowLong";
import { submit, useRequest } from "./requests";
import { TargetFields } from "./TargetFields";
import { useAsked, useChoices, useTask } from "./targets";

/** Requests access: Type, Scope, Access to, the parameters, Duration (hours), Comments. */
export function New() {
  const form = useFormStyles();
  const go = useNavigate();
  const [query] = useSearchParams();
  const carried = (useLocation().state as { values?: Record<string, unknown> } | null)?.values;
  const extended = query.get("extends");
  const former = useRequest(extended);
  const statement = former.data?.statement_text ?? null;
  const [type, setType] = useState<TargetType>((query.get("type") as TargetType | null) ?? "Task");
  const [name, setName] = useState(query.get("name") ?? "");
  const [draft, setDraft] = useState<Draft>({});
  const [any, setAny] = useState<Freedom>({});
  const [set, setSet] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [policyId, setPolicyId] = useState<string | null>(null);
  const [terms, setTerms] = useState(NO_TERMS);
  const choices = useChoices();
  const organization = useOrganization();
  const task = useTask(type === "Task" && name ? name : null);
  const asked = useAsked(type, name);
  const specs = useMemo(() => task.data?.parameters ?? [], [task.data]);

  // What a refused run carried along is filled in; what may be left open starts as any value.
  useEffect(() => {
    const filled = Object.entries(carried ?? {}).map(([name, value]) => typed(name, value));
    const before = boundIn(statement);
    setDraft(Object.assign({}, before.draft, ...filled));
    setAny(
      Object.fromEntries(
        specs
          .filter(
            (spec) =>
              spec.binding === "free" && !(carried && spec.name in carried) && !before.bound.has(spec.name),
          )
          .map((spec) => [spec.name, true]),
      ),
    );
    setSet(sets(specs)[0] ?? null);
    setTried(false);
  }, [specs, carried, statement]);

  const policies = asked?.policies ?? [];
  const policy: AskedPolicy | undefined = policies.find((one) => one.id === policyId) ?? policies[0];
  const longest = ceiling(
    organization.data?.settings.max_duration_secs ?? 86_400,
    policy?.terms.limits.max_duration ?? undefined,
  );
  const chosen = Math.min(terms.duration ?? usual(longest), longest);
  const required = (spec: (typeof specs)[number]) => isRequired(spec, specs, draft);
  const offered = open(specs, draft, set);
  const { constraints, faults } = constraintsOf(offered, draft, any, required);

  const intent = useIntent(
    (body: NewRequest, key) => submit(body, key),
    (answer) => void go(`/requests/${answer.number}`),
  );
  const missing = tried && terms.reason.trim() === "";
  const send = () => {
    setTried(true);
    if (!name || terms.reason.trim() === "" || Object.keys(faults).length > 0) return;
    const role =
      policies.length > 1 && policy?.terms.target.type === "Role" ? { role: policy.terms.target.name } : {};
    intent.send({
      target: { type, name },
      ...role,
      ...(type === "Task" ? { constraints } : {}),
      reason: terms.reason.trim(),
      ...(terms.ticket.trim() ? { ticket: terms.ticket.trim() } : {}),
      duration_secs: chosen,
      ...(extended ? { extends: extended } : {}),
      ...(terms.start ? { start: new Date(terms.start).toISOString() } : {}),
    });
  };
  const unneeded = task.data && !task.data.protected;

  return (
    <Page title={t("new.title")} lead={t("new.lead")} width="narrow">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        noValidate
      >
        {extended && (
          <MessageBar intent="info" layout="multiline" style={{ marginBottom: 16 }}>
            <MessageBarBody style={{ whiteSpace: "normal" }}>
              {t("new.extends", { number: extended })}
            </MessageBarBody>
          </MessageBar>
        )}
        <Section title={t("new.what")}>
          <TargetFields
            choices={choices}
            type={type}
            name={name}
            change={(type, name) => {
              setType(type);
              setName(name);
              setPolicyId(null);
              setTerms({ ...terms, duration: null });
              intent.reset();
            }}
          />
          {task.data && (
            <Text block style={{ marginTop: 12 }}>
              <Shown text={task.data.description} />{" "}
              {task.data.definition.risk && <Shown text={task.data.definition.risk} />}
            </Text>
          )}
          {unneeded && (
            <MessageBar intent="info" layout="multiline" style={{ marginTop: 12 }}>
              <MessageBarBody style={{ whiteSpace: "normal" }}>
                {task.data?.held ? t("new.unprotected.held") : t("new.unprotected")}{" "}
                {task.data?.held && <ButtonLink to={taskPath(name, "/run")}>{t("run")}</ButtonLink>}
              </MessageBarBody>
            </MessageBar>
          )}
        </Section>
        {asked && <Demands of={asked} policy={policy} choose={setPolicyId} />}
        {offered.length > 0 && (
          <Section title={t("parameters.title")}>
            <Form
              task={name}
              specs={specs.filter((spec) => spec.kind.type !== "secret")}
              draft={draft}
              change={setDraft}
              set={set}
              choose={setSet}
              faults={tried ? faults : {}}
              any={{ of: any, change: setAny, possible: (spec) => !isBound(spec, policy?.terms.bind ?? []) }}
            />
          </Section>
        )}
        <HowLong
          of={terms}
          change={setTerms}
          chosen={chosen}
          longest={longest}
          ticket={policy?.terms.ticket ?? null}
          missing={missing}
        />
        {intent.problem && <Refusal problem={intent.problem} />}
        <div className={form.actions}>
          <Button type="submit" appearance="primary" size="large" disabled={intent.busy || !name}>
            {t("new.submit")}
          </Button>
        </div>
      </form>
    </Page>
  );
}
