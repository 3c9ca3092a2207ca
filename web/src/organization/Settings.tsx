import { Badge, Button, MessageBar, MessageBarBody } from "@fluentui/react-components";
import { CheckmarkCircle16Filled, Edit20Regular, Warning16Regular } from "@fluentui/react-icons";
import { api, got } from "../api/client";
import { keyed, useIntent } from "../api/intent";
import type { Organization } from "../api/shapes";
import { useOverview } from "../overview/overview";
import { useMe } from "../sessions/session";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Time } from "../ui/Time";
import { span } from "../ui/time";
import { count as number, t } from "../words";
import { useOrganization } from "./organization";
import { SystemAccounts } from "./SystemAccounts";

/** Privileged access in the organization: on or off, what holds by default, who is exempt, mail. */
export function Settings() {
  const organization = useOrganization();
  const me = useMe();
  const reads = me.data?.reads_configuration ?? false;
  return (
    <Page title={t("nav.access")} lead={t("organization.lead")} width="narrow">
      <Loaded of={organization}>
        {(of) => (
          <>
            <Access of={of} reads={reads} />
            <Defaults of={of} reads={reads} />
            {reads && <SystemAccounts />}
            {reads && <Mail />}
          </>
        )}
      </Loaded>
    </Page>
  );
}

function Access({ of, reads }: { of: Organization; reads: boolean }) {
  const { state, until } = of.access;
  const good = state === "on";
  return (
    <Section
      title={t("settings.access")}
      aside={
        <Badge
          appearance="tint"
          size="large"
          color={good ? "success" : "warning"}
          icon={good ? <CheckmarkCircle16Filled /> : <Warning16Regular />}
        >
          {t(`access.${state}`)}
        </Badge>
      }
    >
      <p style={{ marginTop: 0 }}>{t(`access.${state}.means`)}</p>
      {until && (
        <p>
          {t("settings.until")}: <Time at={until} />
        </p>
      )}
      {reads && (
        <div style={{ display: "flex", gap: 8, flexWrap: "wrap" }}>
          {!good && (
            <ButtonLink to="/organization/enable" appearance="primary">
              {t("settings.enable")}
            </ButtonLink>
          )}
          {state !== "set_up" && state !== "off" && (
            <ButtonLink to="/organization/disable">{t("settings.disable")}</ButtonLink>
          )}
        </div>
      )}
    </Section>
  );
}

function Defaults({ of, reads }: { of: Organization; reads: boolean }) {
  const bare = useOverview();
  const open = bare.data?.standing.tasks;
  return (
    <Section
      title={t("organization.defaults")}
      aside={
        reads &&
        !of.set_up && (
          <ButtonLink to="/organization/change" appearance="subtle" icon={<Edit20Regular />}>
            {t("settings.change")}
          </ButtonLink>
        )
      }
    >
      <Facts
        of={[
          [t("settings.name"), <Shown key="name" text={of.name} />],
          [
            t("settings.approvers"),
            of.default_approvers ? (
              <Link to={`/groups/${of.default_approvers.id}`}>
                <Shown text={of.default_approvers.name} />
              </Link>
            ) : (
              t("none")
            ),
          ],
          [
            t("settings.unprotected"),
            <span key="unprotected">
              {t(`unprotected.${of.settings.unprotected}`)}{" "}
              {open !== undefined && open > 0 && (
                <Link to="/standing-access">{t("organization.open", { count: open })}</Link>
              )}
            </span>,
          ],
          [t("settings.controlPlane"), t(`controlPlane.${of.control_plane}`)],
          [t("settings.secondFactor"), t(`requirement.${of.settings.second_factor}`)],
          [t("settings.longest"), span(of.settings.max_duration_secs)],
          [t("settings.pending"), span(of.settings.pending_for_secs)],
          [t("organization.openEach"), number(of.settings.open_requests_each)],
          [t("settings.retention"), span(of.settings.output_retention_secs)],
          [t("organization.zone"), <Shown key="zone" text={of.zone} />],
          [t("settings.ledger"), <Shown key="ledger" text={of.ledger} />],
        ]}
      />
    </Section>
  );
}

/** Mail, tried by sending one to oneself. */
function Mail() {
  const overview = useOverview();
  const test = useIntent(
    async (_: undefined, key) =>
      await got(api.POST("/api/v1/organization/test-mail", { params: keyed(key) })),
  );
  const mail = overview.data?.mail;
  const good = test.answer?.outcome === "accepted";
  return (
    <Section title={t("overview.mail")}>
      {mail && (
        <Facts
          of={[
            [t("status"), mail.set_up ? t("mail.setUp") : t("overview.mail.notTold")],
            [t("mail.waiting"), number(mail.waiting)],
            [t("mail.givenUp"), mail.given_up > 0 && number(mail.given_up)],
          ]}
        />
      )}
      <p>{t("mail.lead")}</p>
      <div aria-live="polite">
        {test.answer && (
          <MessageBar intent={good ? "success" : "warning"} layout="multiline">
            <MessageBarBody style={{ whiteSpace: "normal", overflowWrap: "anywhere" }}>
              {t(`mail.${test.answer.outcome}`)} {test.answer.detail && <Shown text={test.answer.detail} />}
            </MessageBarBody>
          </MessageBar>
        )}
        {test.problem && <Refusal problem={test.problem} />}
      </div>
      <Button style={{ marginTop: 12 }} disabled={test.busy} onClick={() => test.send(undefined)}>
        {t("mail.test")}
      </Button>
    </Section>
  );
}
