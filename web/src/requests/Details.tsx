import { Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { Play20Regular } from "@fluentui/react-icons";
import { useEffect, useRef, useState } from "react";
import { useParams } from "react-router";
import { useIntent } from "../api/intent";
import type { RequestDetails } from "../api/shapes";
import { noteOpened } from "../approvals/opened";
import { extendPath } from "../authorizations/authorizations";
import { GiveBack } from "../authorizations/GiveBack";
import { Revoke } from "../authorizations/Revoke";
import { PolicyWords } from "../policies/PolicyWords";
import { Owed } from "../take-backs/Owed";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { StatusBadge } from "../ui/StatusBadge";
import { Time, TimeLeft } from "../ui/Time";
import { span } from "../ui/time";
import { t } from "../words";
import { Decide } from "./Decide";
import { Messages } from "./Messages";
import { Outcome } from "./Outcome";
import { Parameters } from "./Parameters";
import { Preview } from "./Preview";
import { cancel, useRequest } from "./requests";
import { Statement } from "./Statement";
import { useTask } from "./targets";

/** A request: for its requester how it stands, for its approvers everything they decide on. */
export function Details() {
  const { number: named = "" } = useParams();
  // A number is known with and without its letter.
  const number = /^\d+$/.test(named) ? `R-${named}` : named;
  const request = useRequest(number);
  return (
    <Page
      title={t("request.title", { number })}
      width="narrow"
      lead={request.data && <Lead of={request.data} />}
    >
      <Loaded of={request}>{(of) => <Body of={of} key={of.number} />}</Loaded>
    </Page>
  );
}

function Lead({ of }: { of: RequestDetails }) {
  return (
    <StatusBadge
      status={of.authorization && of.status === "approved" ? of.authorization.status : of.status}
    />
  );
}

function Body({ of }: { of: RequestDetails }) {
  const task = useTask(of.target.type === "Task" ? of.target.name : null);
  const withdraw = useIntent((_: undefined, key) => cancel(of.number, key));
  const live = of.authorization?.status === "active";
  const decides = of.can.includes("approve");
  const [decided, setDecided] = useState(false);
  // Whether somebody else was faster while the page was open.
  const [opened] = useState(decides);
  const outcome = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (decides) noteOpened(of.number, of.statement);
  }, [decides, of.number, of.statement]);
  // Where the buttons were is nothing any more: who works by keyboard goes on from the outcome.
  useEffect(() => {
    if (decided && !decides) outcome.current?.focus();
  }, [decided, decides]);
  const mine = of.can.includes("give_back") || of.can.includes("cancel");
  return (
    <>
      <div ref={outcome} tabIndex={-1} style={{ outline: "none" }}>
        {opened && !decides && !decided && (
          <MessageBar intent="warning" layout="multiline" role="status" style={{ marginBottom: 16 }}>
            <MessageBarBody style={{ whiteSpace: "normal" }}>{t("decide.meanwhile")}</MessageBarBody>
          </MessageBar>
        )}
        <Outcome of={of} />
      </div>
      <Section title={t("request.what")}>
        <Facts
          of={[
            [t("request.requester"), <Who key="who" person={of.requester} />],
            [t("request.account"), of.account && <Who person={of.account} />],
            [t("request.type"), t(`type.${of.target.type}`)],
            [t("request.access"), <Shown key="target" text={of.target.name} />],
            [t("task.does"), task.data && <Shown text={`${task.data.title}. ${task.data.description}`} />],
            [t("task.risk"), task.data?.definition.risk ? <Shown text={task.data.definition.risk} /> : null],
            [t("request.reason"), <Shown key="reason" text={of.reason} lines="many" />],
            [t("request.ticket"), of.ticket && <Shown text={of.ticket} />],
            [t("request.duration.short"), span(of.duration_secs)],
            [t("new.start"), of.start && <Time at={of.start} />],
            [t("request.uses"), of.uses && t("request.uses.most", { count: of.uses })],
            [t("request.created"), <Time key="created" at={of.created} />],
            [t("request.expires"), of.status === "pending" && <Time at={of.expires} />],
            [t("request.extends"), of.extends && <Link to={`/requests/${of.extends}`}>{of.extends}</Link>],
            [
              t("request.deniedBefore"),
              of.denied_before && <Link to={`/requests/${of.denied_before}`}>{of.denied_before}</Link>,
            ],
          ]}
        />
        <Parameters of={of} />
      </Section>
      {of.preview && <Preview of={of} shown={of.preview} />}
      {decides && <Decide of={of} specs={task.data?.parameters ?? []} done={() => setDecided(true)} />}
      {of.authorization && (
        <Section title={t("authorization.title")}>
          <Facts
            of={[
              [t("status"), <StatusBadge key="status" status={of.authorization.status} />],
              [t("authorization.from"), <Time key="from" at={of.authorization.from} />],
              [t("authorization.until"), <Time key="until" at={of.authorization.until} />],
              [t("authorization.left"), live && <TimeLeft at={of.authorization.until} />],
              [
                t("authorization.used"),
                of.authorization.uses === null
                  ? String(of.authorization.used ?? 0)
                  : t("authorization.usedOf", {
                      used: of.authorization.used ?? 0,
                      uses: of.authorization.uses,
                    }),
              ],
              [
                t("authorization.endedBy"),
                of.authorization.ended_by && <Who person={of.authorization.ended_by} />,
              ],
              [
                t("decide.comment"),
                of.authorization.end_comment && <Shown text={of.authorization.end_comment} />,
              ],
            ]}
          />
          <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginTop: 16 }}>
            {live && of.can.includes("give_back") && of.target.type === "Task" && (
              <ButtonLink
                to={taskPath(of.target.name, `/run?request=${of.number}`)}
                appearance="primary"
                icon={<Play20Regular />}
              >
                {t("run")}
              </ButtonLink>
            )}
            {live && of.can.includes("give_back") && (
              <ButtonLink to={extendPath(of)}>{t("extend")}</ButtonLink>
            )}
            {live && of.can.includes("give_back") && <GiveBack number={of.number} />}
            {live && of.can.includes("revoke") && <Revoke number={of.number} />}
          </div>
        </Section>
      )}
      <Owed of={of.to_take_back} title={t("takeBack.title")} lead={t("takeBack.lead")} />
      <Section title={t("request.policy")}>
        <PolicyWords words={of.policy_words} />
        {of.stage_groups.length > 0 && of.status === "pending" && (
          <ul style={{ paddingInlineStart: 20 }}>
            {of.stage_groups.map((stage) => (
              <li key={stage.group}>
                {t("request.stage", { votes: stage.votes, seats: stage.seats })}{" "}
                <Shown text={stage.name ?? stage.group} />
              </li>
            ))}
          </ul>
        )}
        {of.vote_list.map((vote) => (
          <p key={vote.approver.id + vote.created}>
            {t("request.voted")} <Who person={vote.approver} />, <Time at={vote.created} /> (
            {t(`assurance.${vote.assurance}`)})
            {vote.comment && (
              <>
                : <Shown text={vote.comment} />
              </>
            )}
          </p>
        ))}
      </Section>
      <Messages of={of} />
      {of.history.length > 0 && (
        <Section title={t("request.history")}>
          <ul style={{ paddingInlineStart: 20, margin: 0 }}>
            {of.history.map((one) => (
              <li key={one.number} style={{ marginBottom: 6 }}>
                <Link to={`/requests/${one.number}`}>{one.number}</Link> <StatusBadge status={one.status} />{" "}
                <Time at={one.created} />
              </li>
            ))}
          </ul>
        </Section>
      )}
      <Statement of={of} />
      {mine && of.status === "pending" && (
        <>
          {withdraw.problem && <Refusal problem={withdraw.problem} />}
          <Button disabled={withdraw.busy} onClick={() => withdraw.send(undefined)}>
            {t("request.cancel")}
          </Button>
        </>
      )}
    </>
  );
}
