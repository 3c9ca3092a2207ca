import { Button, Radio, RadioGroup } from "@fluentui/react-components";
import { type Appearance, setAppearance, useAppearance } from "../app/appearance";
import { LanguageChoice } from "../app/LanguageChoice";
import { useOrganization } from "../organization/organization";
import { Sessions } from "../sessions/Sessions";
import { signOut, useMe } from "../sessions/session";
import { Tokens } from "../tokens/Tokens";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { Time } from "../ui/Time";
import { span } from "../ui/time";
import { hasKey, t } from "../words";
import { Password } from "./Password";

/** The organization's state, and one's own sign-in, tokens and appearance. */
export function Settings() {
  const organization = useOrganization();
  const me = useMe();
  const chosen = useAppearance();
  const word = (prefix: string, value: string) =>
    hasKey(`${prefix}.${value}`) ? t(`${prefix}.${value}` as "access.on") : value;
  return (
    <Page title={t("nav.settings")} width="narrow">
      <Section title={t("settings.organization")}>
        <Loaded of={organization}>
          {(of) => (
            <>
              <Facts
                of={[
                  [t("settings.name"), <Shown key="name" text={of.name} />],
                  [t("settings.access"), word("access", of.access.state)],
                  [t("settings.until"), of.access.until && <Time at={of.access.until} />],
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
                  [t("settings.unprotected"), word("unprotected", of.settings.unprotected)],
                  [t("settings.controlPlane"), word("controlPlane", of.control_plane)],
                  [t("settings.secondFactor"), word("requirement", of.settings.second_factor)],
                  [t("settings.longest"), span(of.settings.max_duration_secs)],
                  [t("settings.pending"), span(of.settings.pending_for_secs)],
                  [t("settings.retention"), span(of.settings.output_retention_secs)],
                  [t("settings.ledger"), <Shown key="ledger" text={of.ledger} />],
                ]}
              />
              {me.data?.reads_configuration && (
                <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginTop: 16 }}>
                  {of.access.state === "on" ? (
                    <ButtonLink to={taskPath("Countersign\\Disable-ElevatedAccessControl", "/run")}>
                      {t("settings.disable")}
                    </ButtonLink>
                  ) : (
                    <ButtonLink to={taskPath("Countersign\\Enable-ElevatedAccessControl", "/run")}>
                      {t("settings.enable")}
                    </ButtonLink>
                  )}
                  <ButtonLink to={taskPath("Countersign\\Set-OrganizationConfig", "/run")}>
                    {t("settings.change")}
                  </ButtonLink>
                </div>
              )}
            </>
          )}
        </Loaded>
      </Section>
      <Section title={t("settings.signIn")}>
        <Facts
          of={[
            [t("signIn.upn"), <Shown key="upn" text={me.data?.upn ?? ""} />],
            [
              t("secondFactor.short"),
              me.data?.second_factor_enrolled ? t("person.factor.set") : t("person.factor.unset"),
            ],
          ]}
        />
        <div style={{ display: "flex", gap: 8, flexWrap: "wrap", marginTop: 16 }}>
          <ButtonLink to="/second-factor">
            {me.data?.second_factor_enrolled ? t("settings.factor.replace") : t("settings.factor.set")}
          </ButtonLink>
          <Button onClick={() => void signOut(true)}>{t("settings.signOutEverywhere")}</Button>
        </div>
      </Section>
      <Password />
      <Sessions />
      <Tokens />
      <Section title={t("appearance.title")}>
        <RadioGroup
          aria-label={t("appearance.title")}
          value={chosen}
          onChange={(_, data) => setAppearance(data.value as Appearance)}
        >
          <Radio value="system" label={t("appearance.system")} />
          <Radio value="light" label={t("appearance.light")} />
          <Radio value="dark" label={t("appearance.dark")} />
        </RadioGroup>
      </Section>
      <Section title={t("language.title")}>
        <LanguageChoice />
      </Section>
    </Page>
  );
}
