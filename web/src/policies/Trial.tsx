import { MessageBar, MessageBarBody, MessageBarTitle, makeStyles, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Act } from "../acts/acts";
import { Ends } from "../acts/Ends";
import { api, got } from "../api/client";
import { foretold } from "../api/problem";
import type { PolicyTrial, TriedPolicy } from "../api/shapes";
import { Loaded } from "../ui/Page";
import { Refusal } from "../ui/Refusal";
import { Shown, Who } from "../ui/Shown";
import { t } from "../words";
import { ChangedWords } from "./ChangedWords";
import { Effect } from "./Effect";
import { Past } from "./Past";
import { Warnings } from "./Warnings";

const useStyles = makeStyles({
  policy: {
    borderLeft: `4px solid ${tokens.colorBrandStroke1}`,
    paddingInlineStart: tokens.spacingHorizontalL,
    marginBottom: tokens.spacingVerticalL,
  },
  name: { margin: 0, fontSize: tokens.fontSizeBase300, fontWeight: tokens.fontWeightSemibold },
  quiet: { color: tokens.colorNeutralForeground2, margin: `${tokens.spacingVerticalXS} 0` },
});

/** What a change of policies would bring about, before it is made; below it, what makes it. */
export function Trial({ act, children }: { act: Act; children: ReactNode }) {
  const trial = useQuery({
    queryKey: ["policies", "try", act],
    queryFn: async () =>
      await got(api.POST("/api/v1/policies/try", { body: { task: act.task, values: act.values } })),
  });
  return (
    <Loaded of={trial}>
      {(of) =>
        of.refusal ? (
          <Refusal problem={foretold(of.refusal)} />
        ) : (
          <>
            <Tried of={of} />
            {children}
          </>
        )
      }
    </Loaded>
  );
}

function Tried({ of }: { of: PolicyTrial }) {
  return (
    <>
      {of.policies.map((policy) => (
        <Policy key={policy.target.type + policy.target.name} of={policy} />
      ))}
      {of.count > of.policies.length && <p>{t("trial.more", { count: of.count - of.policies.length })}</p>}
      <Ends of={of.ends} />
      {of.past && <Past of={of.past} />}
    </>
  );
}

function Policy({ of }: { of: TriedPolicy }) {
  const styles = useStyles();
  return (
    <div className={styles.policy}>
      <h3 className={styles.name}>
        <Shown text={of.target.name} />
      </h3>
      {of.removed ? <p>{t("trial.removed")}</p> : <Effect words={of.words} />}
      {of.before && !of.removed && <ChangedWords before={of.before} after={of.words} />}
      {of.compared && (
        <MessageBar
          intent={of.compared === "weaker" || of.compared === "incomparable" ? "warning" : "info"}
          layout="multiline"
        >
          <MessageBarBody style={{ whiteSpace: "normal" }}>
            <MessageBarTitle>{t(`trial.${of.compared}`)}</MessageBarTitle> {t(`trial.${of.compared}.means`)}
          </MessageBarBody>
        </MessageBar>
      )}
      {!of.removed && <Warnings of={of.warnings} />}
      {of.could && (
        <p className={styles.quiet}>
          {t("trial.could", { count: of.could.people })}{" "}
          {of.could.people !== of.could.people_now && t("trial.could.now", { count: of.could.people_now })}{" "}
          {of.could.fewest !== null && t("whoCould.fewest", { count: of.could.fewest })}{" "}
          {of.could.some.map((person, index) => (
            <span key={person.id}>
              {index > 0 && ", "}
              <Who person={person} plain />
            </span>
          ))}
          {of.could.people > of.could.some.length && " …"}
        </p>
      )}
    </div>
  );
}
