import {
  Button,
  Dropdown,
  Field,
  Input,
  MessageBar,
  MessageBarBody,
  Option,
  Select,
  Text,
  Textarea,
} from "@fluentui/react-components";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate, useSearchParams } from "react-router";
import { useIntent } from "../api/intent";
import type { AskedPolicy, NewRequest, TargetType } from "../api/shapes";
import { useOrganization } from "../organization/organization";
import { constraintsOf, type Freedom, isBound } from "../parameters/constraints";
import { Form } from "../parameters/Form";
import { typed } from "../parameters/read";
import { type Draft, isRequired, open, sets } from "../parameters/spec";
import { PolicyWords } from "../policies/PolicyWords";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { ButtonLink, taskPath } from "../ui/links";
import { Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { span } from "../ui/time";
import { t } from "../words";
import { ceiling, durations, usual } from "./durations";
import { submit } from "./requests";
import { TargetFields } from "./TargetFields";
import { useChoices, useTask } from "./targets";

/** Requests access: Type, Scope, Access to, the parameters, Duration (hours), Comments. */
export function New() {
  const form = useFormStyles();
  const go = useNavigate();
  const [query] = useSearchParams();
  const carried = (useLocation().state as { values?: Record<string, unknown> } | null)?.values;
  const [type, setType] = useState<TargetType>((query.get("type") as TargetType | null) ?? "Task");
  const [name, setName] = useState(query.get("name") ?? "");
  const [draft, setDraft] = useState<Draft>({});
  const [any, setAny] = useState<Freedom>({});
  const [set, setSet] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  const [policyId, setPolicyId] = useState<string | null>(null);
  const [duration, setDuration] = useState<number | null>(null);
  const [start, setStart] = useState("");
  const [ticket, setTicket] = useState("");
  const [reason, setReason] = useState("");
  const choices = useChoices();
  const organization = useOrganization();
  const task = useTask(type === "Task" && name ? name : null);
  const specs = useMemo(() => task.data?.parameters ?? [], [task.data]);

  // What a refused run carried along is filled in; what may be left open starts as any value.
  useEffect(() => {
    const filled = Object.entries(carried ?? {}).map(([name, value]) => typed(name, value));
    setDraft(Object.assign({}, ...filled));
    setAny(
      Object.fromEntries(
        specs
          .filter((spec) => spec.binding === "free" && !(carried && spec.name in carried))
          .map((spec) => [spec.name, true]),
      ),
    );
    setSet(sets(specs)[0] ?? null);
    setTried(false);
  }, [specs, carried]);

  const policies = task.data?.policies ?? [];
  const policy: AskedPolicy | undefined = policies.find((one) => one.id === policyId) ?? policies[0];
  const longest = ceiling(
    organization.data?.settings.max_duration_secs ?? 86_400,
    policy?.terms.limits.max_duration ?? undefined,
  );
  const chosen = Math.min(duration ?? usual(longest), longest);
  const required = (spec: (typeof specs)[number]) => isRequired(spec, specs, draft);
  const offered = open(specs, draft, set);
  const { constraints, faults } = constraintsOf(offered, draft, any, required);

  const intent = useIntent(
    (body: NewRequest, key) => submit(body, key),
    (answer) => void go(`/requests/${answer.number}`),
  );
  const missing = tried && reason.trim() === "";
  const send = () => {
    setTried(true);
    if (!name || reason.trim() === "" || Object.keys(faults).length > 0) return;
    const role =
      policies.length > 1 && policy?.terms.target.type === "Role" ? { role: policy.terms.target.name } : {};
    intent.send({
      target: { type, name },
      ...role,
      ...(type === "Task" ? { constraints } : {}),
      reason: reason.trim(),
      ...(ticket.trim() ? { ticket: ticket.trim() } : {}),
      duration_secs: chosen,
      ...(start ? { start: new Date(start).toISOString() } : {}),
    });
  };
  const unneeded = task.data && !task.data.protected;

  return (
    <Page title={t("new.title")} lead={t("new.lead")} width="narrow">
      <form
        className={form.form}
        onSubmit={(event) => {
          event.preventDefault();
          send();
        }}
        noValidate
      >
        <Section title={t("new.what")}>
          <TargetFields
            choices={choices}
            type={type}
            name={name}
            change={(type, name) => {
              setType(type);
              setName(name);
              setPolicyId(null);
              setDuration(null);
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
        {policies.length > 1 && (
          <Field label={t("new.policy")}>
            <Dropdown
              value={visible(policy?.title ?? "")}
              selectedOptions={[policy?.id ?? ""]}
              onOptionSelect={(_, data) => setPolicyId(data.optionValue ?? null)}
            >
              {policies.map((one) => (
                <Option key={one.id} value={one.id}>
                  {visible(one.title)}
                </Option>
              ))}
            </Dropdown>
          </Field>
        )}
        {policy && (
          <Section title={t("new.demands")}>
            <PolicyWords words={policy.words} />
            {policy.may_ask === false && (
              <MessageBar intent="warning" layout="multiline">
                <MessageBarBody style={{ whiteSpace: "normal" }}>{t("new.mayNot")}</MessageBarBody>
              </MessageBar>
            )}
          </Section>
        )}
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
        <Section title={t("new.howLong")}>
          <div className={form.form}>
            <Field label={t("request.duration")} hint={t("new.duration.hint")}>
              <Select value={String(chosen)} onChange={(_, data) => setDuration(Number(data.value))}>
                {durations(longest).map((secs) => (
                  <option key={secs} value={String(secs)}>
                    {span(secs)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("new.start")} hint={t("new.start.hint")}>
              <Input type="datetime-local" value={start} onChange={(_, data) => setStart(data.value)} />
            </Field>
            {policy?.terms.ticket && (
              <Field label={t("request.ticket")} hint={visible(policy.terms.ticket)} required>
                <Input value={ticket} onChange={(_, data) => setTicket(data.value)} />
              </Field>
            )}
            <Field
              label={t("request.comments")}
              hint={t("new.comments.hint")}
              required
              {...(missing
                ? { validationState: "error" as const, validationMessage: t("fault.required") }
                : {})}
            >
              <Textarea rows={3} value={reason} onChange={(_, data) => setReason(data.value)} />
            </Field>
          </div>
        </Section>
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
