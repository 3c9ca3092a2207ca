import {
  Button,
  MessageBar,
  MessageBarBody,
  MessageBarTitle,
  makeStyles,
  tokens,
} from "@fluentui/react-components";
import type { ReactNode } from "react";
import type { Problem } from "../api/problem";
import { hasKey, t } from "../words";
import { Served, Shown } from "./Shown";

const useStyles = makeStyles({
  bar: { marginBlock: tokens.spacingVerticalM },
  title: { display: "block" },
  body: { paddingBlock: tokens.spacingVerticalS, whiteSpace: "normal" },
  list: {
    display: "grid",
    gridTemplateColumns: "max-content 1fr",
    columnGap: tokens.spacingHorizontalM,
    rowGap: tokens.spacingVerticalXS,
    margin: `${tokens.spacingVerticalS} 0 0 0`,
    "@media (max-width: 480px)": { gridTemplateColumns: "1fr" },
  },
  term: { color: tokens.colorNeutralForeground2 },
  value: { margin: 0, overflowWrap: "anywhere" },
  actions: {
    display: "flex",
    flexWrap: "wrap",
    gap: tokens.spacingHorizontalS,
    marginTop: tokens.spacingVerticalS,
  },
});

/** Why something was refused or failed: what, the code, what governs, and the next step. */
export function Refusal({
  problem,
  again,
  children,
}: {
  problem: Problem;
  again?: () => void;
  children?: ReactNode;
}) {
  const styles = useStyles();
  const title = hasKey(`code.${problem.code}`)
    ? t(`code.${problem.code}` as "code.unreachable")
    : t("refusal.title");
  const isCommand = problem.hint?.startsWith("countersign ") ?? false;
  return (
    <MessageBar
      intent={problem.status === 0 || problem.status >= 500 ? "warning" : "error"}
      layout="multiline"
      className={styles.bar}
      role="alert"
    >
      <MessageBarBody className={styles.body}>
        <MessageBarTitle className={styles.title}>{title}</MessageBarTitle>
        {problem.code === "unreachable" ? (
          <Shown text={t("unreachable.detail")} />
        ) : (
          <Served text={problem.detail} />
        )}
        <dl className={styles.list}>
          {problem.governs && (
            <>
              <dt className={styles.term}>{t("refusal.governs")}</dt>
              <dd className={styles.value}>
                <Served text={problem.governs} />
              </dd>
            </>
          )}
          {problem.hint && (
            <>
              <dt className={styles.term}>{isCommand ? t("refusal.command") : t("refusal.next")}</dt>
              <dd className={styles.value}>
                {isCommand ? (
                  <code>
                    <Shown text={problem.hint} />
                  </code>
                ) : (
                  <Served text={problem.hint} />
                )}
              </dd>
            </>
          )}
          <dt className={styles.term}>{t("refusal.code")}</dt>
          <dd className={styles.value}>
            <code>{problem.code}</code>
            {problem.request_id && <> · {t("refusal.id", { id: problem.request_id })}</>}
          </dd>
        </dl>
        {(again || children) && (
          <div className={styles.actions}>
            {again && <Button onClick={again}>{t("again")}</Button>}
            {children}
          </div>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
