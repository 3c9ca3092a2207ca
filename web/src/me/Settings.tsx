import { Button, Tab, TabList } from "@fluentui/react-components";
import { useSearchParams } from "react-router";
import { Sessions } from "../sessions/Sessions";
import { signOut, useMe } from "../sessions/session";
import { Tokens } from "../tokens/Tokens";
import { Facts } from "../ui/Facts";
import { ButtonLink } from "../ui/links";
import { Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { Display } from "./Display";
import { Password } from "./Password";

const TABS = ["signIn", "tokens", "display"] as const;
type TabName = (typeof TABS)[number];

/** One's own sign-in, tokens, and how the pages look. */
export function Settings() {
  const [query, setQuery] = useSearchParams();
  const asked = query.get("tab") as TabName | null;
  const tab = asked && TABS.includes(asked) ? asked : "signIn";
  return (
    <Page title={t("nav.settings")} width="narrow">
      <TabList
        selectedValue={tab}
        onTabSelect={(_, data) => setQuery({ tab: String(data.value) }, { replace: true })}
        style={{ marginBottom: 16 }}
      >
        {TABS.map((one) => (
          <Tab key={one} value={one} id={`tab-${one}`} aria-controls="tab-panel">
            {t(`settings.tab.${one}`)}
          </Tab>
        ))}
      </TabList>
      <div role="tabpanel" id="tab-panel" aria-labelledby={`tab-${tab}`}>
        {tab === "signIn" && <SignIn />}
        {tab === "tokens" && <Tokens />}
        {tab === "display" && <Display />}
      </div>
    </Page>
  );
}

function SignIn() {
  const me = useMe();
  return (
    <>
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
    </>
  );
}
