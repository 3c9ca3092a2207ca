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
import { ChangedWords } from "./ChangedWords";
import { Effect } from "./Effect";
import { PolicyWords } from "./PolicyWords";
import { usePolicy } from "./policies";
import { Warnings } from "./Warnings";

/** One approval policy in words, with every version. */
export function Details() {
  const { id = "" } = useParams();
  const policy = usePolicy(id);
  const me = useMe();
  return (
    <Page
      title={policy.data ? t("policy.of", { target: policy.data.target.name }) : t("policy.title")}
      commands={
        me.data?.reads_configuration && (
          <>
            <ButtonLink to={`/policies/${id}/change`} appearance="subtle" icon={<Edit20Regular />}>
              {t("policy.change")}
            </ButtonLink>
            <ButtonLink to={`/policies/${id}/remove`} appearance="subtle" icon={<Delete20Regular />}>
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
              <Effect words={of.words} />
              <Warnings of={of.warnings} />
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
              {of.versions.map((version, index) => (
                <div key={version.version} style={{ marginBottom: 16 }}>
                  <strong>{t("policy.versionOf", { version: version.version })}</strong> ·{" "}
                  <Time at={version.created} /> · <Who person={version.by} />
                  {version.under && (
                    <>
                      {" "}
                      · <Link to={`/requests/${version.under}`}>{version.under}</Link>
                    </>
                  )}
                  <VersionWords words={version.words} before={of.versions[index + 1]?.words ?? null} />
                </div>
              ))}
            </Section>
          </>
        )}
      </Loaded>
    </Page>
  );
}

/** A version's terms: all of the first one's, of a later one how it differs from the one before. */
function VersionWords({ words, before }: { words: string[] | null; before: string[] | null }) {
  if (!words || !before) return <PolicyWords words={words} />;
  return <ChangedWords before={before} after={words} />;
}
