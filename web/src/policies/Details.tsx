import { Delete20Regular, Edit20Regular } from "@fluentui/react-icons";
import { useParams } from "react-router";
import { useMe } from "../sessions/session";
import { Facts } from "../ui/Facts";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { usePolicy } from "./List";
import { PolicyWords } from "./PolicyWords";

/** One approval policy in words, with every version. */
export function Details() {
  const { id = "" } = useParams();
  const policy = usePolicy(id);
  const me = useMe();
  const act = (name: string) =>
    taskPath(`Countersign\\${name}-ElevatedAccessApprovalPolicy`, `/run?Identity=${encodeURIComponent(id)}`);
  return (
    <Page
      title={policy.data ? t("policy.of", { target: policy.data.target.name }) : t("policy.title")}
      commands={
        me.data?.reads_configuration && (
          <>
            <ButtonLink to={act("Set")} appearance="subtle" icon={<Edit20Regular />}>
              {t("policy.change")}
            </ButtonLink>
            <ButtonLink to={act("Remove")} appearance="subtle" icon={<Delete20Regular />}>
              {t("policy.remove")}
            </ButtonLink>
          </>
        )
      }
    >
      <Loaded of={policy}>
        {(of) => (
          <>
            <Section title={t("policy.words")}>
              <PolicyWords words={of.words} />
            </Section>
            <Section title={t("policy.about")}>
              <Facts
                of={[
                  [t("request.type"), t(`type.${of.target.type}`)],
                  [
                    t("policy.target"),
                    of.target.type === "Task" ? (
                      <Link to={taskPath(of.target.name)}>
                        <Shown text={of.target.name} />
                      </Link>
                    ) : (
                      <Shown text={of.target.name} />
                    ),
                  ],
                  [t("policy.gone"), !of.target_exists && t("policy.gone.yes")],
                  [t("policy.approval"), t(`approval.${of.approval_type}`)],
                  [t("policy.version"), String(of.version)],
                  [t("policy.id"), <code key="id">{of.id}</code>],
                ]}
              />
            </Section>
            <Section title={t("policy.history")}>
              {of.versions.map((version) => (
                <div key={version.version} style={{ marginBottom: 16 }}>
                  <strong>{t("policy.versionOf", { version: version.version })}</strong> ·{" "}
                  <Time at={version.created} /> · <Who person={version.by} />
                  {version.under && (
                    <>
                      {" "}
                      · <Link to={`/requests/${version.under}`}>{version.under}</Link>
                    </>
                  )}
                  <PolicyWords words={version.words} />
                </div>
              ))}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}
