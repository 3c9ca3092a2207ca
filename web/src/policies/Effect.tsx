import { makeStyles, tokens } from "@fluentui/react-components";
import { Clause } from "./Clause";

const useStyles = makeStyles({
  effect: { fontSize: tokens.fontSizeBase500, lineHeight: tokens.lineHeightBase500, margin: 0 },
});

/** A policy's effect as one sentence: "2 of 5 people of Mailbox Managers, never the requester, at most 8 hours". */
export function Effect({ words }: { words: string[] }) {
  const styles = useStyles();
  return (
    <p lang="en" className={styles.effect}>
      <Clause text={`${words.join(", ")}.`} />
    </p>
  );
}
