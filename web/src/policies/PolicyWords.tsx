import { Text } from "@fluentui/react-components";
import { t } from "../words";
import { Clause } from "./Clause";

/** A policy's terms in words. */
export function PolicyWords({ words }: { words: string[] | null }) {
  if (!words) return <Text>{t("policy.noWords")}</Text>;
  return (
    <ul lang="en" style={{ margin: 0, paddingInlineStart: 20 }}>
      {words.map((clause) => (
        <li key={clause}>
          <Clause text={clause} />
        </li>
      ))}
    </ul>
  );
}
