import { Button, Dropdown, Field, MessageBar, MessageBarBody, Option } from "@fluentui/react-components";
import { Eye20Regular, Play20Regular } from "@fluentui/react-icons";
import { useEffect, useMemo, useState } from "react";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { useIntent } from "../api/intent";
import type { NewExecution, TaskDetails } from "../api/shapes";
import { hasUses, useLiveAccess } from "../authorizations/authorizations";
import { useOrganization } from "../organization/organization";
import { boundIn } from "../parameters/constraints";
import { Form } from "../parameters/Form";
import { readAll, typed } from "../parameters/read";
import { type Draft, isRequired, open, sets } from "../parameters/spec";
import { PreviewShown } from "../requests/PreviewShown";
import { preview, useRequest } from "../requests/requests";
import { useTask } from "../requests/targets";
import { SecondFactorDialog } from "../sessions/SecondFactorDialog";
import { useFormStyles } from "../ui/form";
import { ButtonLink } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { TimeLeft, useNow } from "../ui/Time";
import { until } from "../ui/time";
import { t } from "../words";
import { Earlier } from "./Earlier";
import { start } from "./executions";

/** Runs a task: its typed form, filled in with what was approved. */
export function Run() {
  const { workload = "", name = "" } = useParams();
  const task = useTask(`${workload}\\${name}`);
  return (
    <Page
      title={task.data?.title ?? name}
      width="narrow"
      lead={task.data && <Shown text={task.data.description} />}
    >
      <Loaded of={task}>
        {(of) => (
          <>
            <RunForm of={of} />
            <Earlier task={of.name} />
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** The refusals that a request for access can do away with. */
const ASK = [
  "authorization_required",
  "authorization_ended",
  "parameter_not_approved",
  "uses_exhausted",
  "definition_changed",
];

function RunForm({ of }: { of: TaskDetails }) {
  const form = useFormStyles();
  const go = useNavigate();
  const now = useNow(5_000);
  const [query] = useSearchParams();
  const place = useLocation();
  const carried = (place.state as { values?: Record<string, unknown> } | null)?.values;
  const organization = useOrganization();
  const access = useLiveAccess();
  const [chosen, setChosen] = useState<string | null>(query.get("request"));
  const [draft, setDraft] = useState<Draft>({});
  const [set, setSet] = useState<string | null>(sets(of.parameters)[0] ?? null);
  const [tried, setTried] = useState(false);

  const live = (access.data?.items ?? []).filter(
    (one) => (!one.until || until(one.until, now) > 0) && hasUses(one),
  );
  const fitting = live.filter(
    (one) => one.target.type !== "Task" || one.target.name.toLowerCase() === of.name.toLowerCase(),
  );
  const own = fitting.find((one) => one.target.type === "Task");
  const number = fitting.some((one) => one.number === chosen) ? chosen : (own?.number ?? null);
  const request = useRequest(number);
  const statement = request.data?.statement_text ?? null;
  const fixed = useMemo(() => boundIn(statement), [statement]);

  // What the address or a former run says comes first; what was approved exactly can't be otherwise.
  useEffect(() => {
    const given: Draft = {};
    for (const [name, value] of query) {
      const spec = of.parameters.find((one) => one.name === name);
      if (spec) given[name] = value;
    }
    for (const [name, value] of Object.entries(carried ?? {})) Object.assign(given, typed(name, value));
    setDraft((before) => ({ ...before, ...given, ...fixed.draft }));
  }, [query, carried, of, fixed]);

  const offered = open(of.parameters, draft, set);
  const { values, faults } = readAll(offered, draft, (spec) => isRequired(spec, of.parameters, draft));
  const intent = useIntent(
    (body: NewExecution, key) => start(body, key),
    (answer) =>
      void go(`/executions/${answer.execution}`, {
        state: "made" in answer ? { made: answer } : null,
      }),
    { once: true },
  );
  const send = () => {
    setTried(true);
    if (Object.keys(faults).length > 0) return;
    intent.send({
      task: of.name,
      values,
      ...(number ? { authorization: number } : {}),
    });
  };
  // A look beforehand with the values of this form: for who may run it now, under the access chosen above.
  const shows = request.data?.can.includes("preview") && request.data.can.includes("give_back");
  const looking = useIntent((body: { number: string; statement: string }, key) =>
    preview(body.number, { statement: body.statement, values }, key),
  );
  const look = () => {
    setTried(true);
    if (!request.data || Object.keys(faults).length > 0) return;
    looking.send({ number: request.data.number, statement: request.data.statement });
  };
  const asks = `/requests/new?type=Task&name=${encodeURIComponent(of.name)}`;
  const plain = Object.fromEntries(
    Object.entries(values).filter(
      ([name]) => of.parameters.find((spec) => spec.name === name)?.kind.type !== "secret",
    ),
  );
  const refused = intent.problem && ASK.includes(intent.problem.code);

  return (
    <form
      className={form.form}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {!intent.problem &&
        of.protected &&
        !organization.data?.set_up &&
        access.data &&
        fitting.length === 0 && (
          <MessageBar intent="info" layout="multiline">
            <MessageBarBody style={{ whiteSpace: "normal" }}>
              {t("run.protected")}{" "}
              <ButtonLink to={asks} state={{ values: plain }} size="small">
                {t("nav.new")}
              </ButtonLink>
            </MessageBarBody>
          </MessageBar>
        )}
      {fitting.length > 0 && (
        <Field label={t("run.under")}>
          <Dropdown
            value={number ?? t("run.under.none")}
            selectedOptions={[number ?? ""]}
            onOptionSelect={(_, data) => setChosen(data.optionValue ?? null)}
          >
            {fitting.map((one) => (
              <Option key={one.number} value={one.number} text={one.number}>
                <span>
                  {one.number} · <Shown text={one.target.name} /> · <TimeLeft at={one.until} />
                </span>
              </Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {of.parameters.length > 0 && (
        <Section title={t("parameters.title")}>
          <Form
            task={of.name}
            specs={of.parameters}
            draft={draft}
            change={setDraft}
            set={set}
            choose={setSet}
            faults={tried ? faults : {}}
            fixed={fixed.bound}
          />
        </Section>
      )}
      {intent.problem && (
        <Refusal problem={intent.problem}>
          {refused && (
            <ButtonLink to={asks} state={{ values: plain }} appearance="primary">
              {t("run.ask")}
            </ButtonLink>
          )}
        </Refusal>
      )}
      <SecondFactorDialog problem={intent.problem} close={intent.reset} again={send} />
      <div className={form.actions}>
        <Button
          type="submit"
          appearance="primary"
          size="large"
          icon={<Play20Regular />}
          disabled={intent.busy}
        >
          {t("run")}
        </Button>
        {shows && (
          <Button size="large" icon={<Eye20Regular />} disabled={looking.busy} onClick={look}>
            {looking.busy ? t("preview.making") : t("preview.make")}
          </Button>
        )}
      </div>
      {looking.problem && <Refusal problem={looking.problem} />}
      {looking.answer && (
        <Section title={t("preview.title")}>
          <PreviewShown key={looking.answer.execution} execution={looking.answer.execution} />
        </Section>
      )}
    </form>
  );
}
