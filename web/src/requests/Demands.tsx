import { Dropdown, Field, MessageBar, MessageBarBody, Option, Text } from "@fluentui/react-components";
import type { AskedPolicy } from "../api/shapes";
import { PolicyWords } from "../policies/PolicyWords";
import { Disclosure } from "../ui/Disclosure";
import { visible } from "../ui/hidden";
import { Lines } from "../ui/Lines";
import { Link, taskPath } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import type { Asked } from "./targets";

/** What the policy demands, before anything is sent: who approves, how many, how long at most, what stays shut. */
export function Demands({
  of,
  policy,
  choose,
}: {
  of: Asked;
  policy: AskedPolicy | undefined;
  choose: (id: string) => void;
}) {
  if (!policy && of.opens.length === 0 && of.shut.length === 0) return null;
  return (
    <Section title={t("new.demands")}>
      {of.policies.length > 1 && (
        <Field label={t("new.policy")} style={{ marginBottom: 12 }}>
          <Dropdown
            value={visible(policy?.title ?? "")}
            selectedOptions={[policy?.id ?? ""]}
            onOptionSelect={(_, data) => data.optionValue && choose(data.optionValue)}
          >
            {of.policies.map((one) => (
              <Option key={one.id} value={one.id}>
                {visible(one.title)}
              </Option>
            ))}
          </Dropdown>
        </Field>
      )}
      {policy && <PolicyWords words={policy.words} />}
      {policy?.may_ask === false && (
        <MessageBar intent="warning" layout="multiline" style={{ marginTop: 12 }}>
          <MessageBarBody style={{ whiteSpace: "normal" }}>{t("new.mayNot")}</MessageBarBody>
        </MessageBar>
      )}
      {of.opens.length > 0 && (
        <Disclosure title={t("request.covers", { count: of.opens.length })}>
          <Tasks names={of.opens} />
        </Disclosure>
      )}
      {of.shut.length > 0 && (
        <>
          <Disclosure title={t("new.shut", { count: of.shut.length })}>
            <Tasks names={of.shut} />
          </Disclosure>
          <Text block>{t("new.shut.why")}</Text>
        </>
      )}
    </Section>
  );
}

function Tasks({ names }: { names: string[] }) {
  return (
    <Lines of={names} keyOf={(name) => name}>
      {(name) => (
        <Link to={taskPath(name)}>
          <Shown text={name} />
        </Link>
      )}
    </Lines>
  );
}
