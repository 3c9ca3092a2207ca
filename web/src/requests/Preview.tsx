import { Button, MessageBar, MessageBarBody, Text } from "@fluentui/react-components";
import { Eye20Regular } from "@fluentui/react-icons";
import { useIntent } from "../api/intent";
import type { RequestDetails, RequestPreview } from "../api/shapes";
import { useMe } from "../sessions/session";
import { ButtonLink, Link, taskPath } from "../ui/links";
import { Refusal } from "../ui/Refusal";
import { Section } from "../ui/Section";
import { t } from "../words";
import { PreviewShown } from "./PreviewShown";
import { preview } from "./requests";

/** What a request would do, looked at beforehand by its requester and its approvers. */
export function Preview({ of, shown }: { of: RequestDetails; shown: RequestPreview }) {
  const me = useMe();
  const intent = useIntent((_: undefined, key) => preview(of.number, { statement: of.statement }, key));
  const { latest, open } = shown;
  const makes = of.can.includes("preview");
  const runs = of.can.includes("give_back");
  // What others may still see of a request that is over is judged, and recorded, where the run itself is shown.
  const reads = makes || me.data?.person === of.requester?.id;
  const running = latest?.status === "running";
  return (
    <Section title={t("preview.title")}>
      <Text>{t(how(shown, runs))}</Text>
      {latest && !latest.current && (
        <MessageBar intent="warning" layout="multiline" style={{ marginBlock: 12 }}>
          <MessageBarBody style={{ whiteSpace: "normal" }}>{t("preview.changed")}</MessageBarBody>
        </MessageBar>
      )}
      <div style={{ marginBlock: 12 }}>
        {!latest && <Text>{t("preview.never")}</Text>}
        {latest && reads && <PreviewShown key={latest.execution} execution={latest.execution} />}
        {latest && !reads && (
          <Text>
            {t("preview.notYours")} <Link to={`/executions/${latest.execution}`}>{t("preview.run")}</Link>
          </Text>
        )}
      </div>
      {intent.problem && <Refusal problem={intent.problem} />}
      {makes && open.length > 0 && (
        <>
          <Text style={{ display: "block", marginBottom: 8 }}>
            {t("preview.open", { names: open.join(", ") })}
          </Text>
          {runs && (
            <ButtonLink to={taskPath(of.target.name, `/run?request=${of.number}`)} icon={<Eye20Regular />}>
              {t("preview.open.run")}
            </ButtonLink>
          )}
        </>
      )}
      {makes && open.length === 0 && (
        <Button
          icon={<Eye20Regular />}
          disabled={intent.busy || running}
          onClick={() => intent.send(undefined)}
        >
          {running || intent.busy ? t("preview.making") : latest ? t("preview.again") : t("preview.make")}
        </Button>
      )}
    </Section>
  );
}

/** What kind of look it is: how the newest one was made, or else how the next one would be. */
function how(shown: RequestPreview, runs: boolean) {
  const kind = shown.latest?.kind ?? shown.kind;
  if (kind === "rollback" && !shown.latest && !runs) return "preview.how.rollback.later";
  return `preview.how.${kind}` as const;
}
