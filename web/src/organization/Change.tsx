import { useNavigate, useParams } from "react-router";
import { NotFound } from "../app/NotFound";
import { Loaded, Page } from "../ui/Page";
import { t } from "../words";
import { DisableForm } from "./DisableForm";
import { EnableForm } from "./EnableForm";
import { useOrganization } from "./organization";
import { SettingsForm } from "./SettingsForm";

const FORMS = { enable: EnableForm, disable: DisableForm, change: SettingsForm } as const;

/** Enables, disables or changes privileged access; each says beforehand what it means and ends. */
export function Change() {
  const { act = "" } = useParams();
  const go = useNavigate();
  const organization = useOrganization();
  if (!(act in FORMS)) return <NotFound />;
  const name = act as keyof typeof FORMS;
  const Form = FORMS[name];
  return (
    <Page title={t(`settings.${name}`)} lead={t(`organization.${name}.lead`)} width="narrow">
      <Loaded of={organization}>
        {(of) => (
          <Form
            of={of}
            done={() =>
              // Once it is on, the next thing is to ask for something, and that is found at home.
              void (name === "enable"
                ? go("/", { replace: true, state: { enabled: true } })
                : go("/organization", { replace: true }))
            }
          />
        )}
      </Loaded>
    </Page>
  );
}
