import { Text } from "@fluentui/react-components";
import { Shown } from "../ui/Shown";
import { t } from "../words";

/** A policy's terms in words. */
export function PolicyWords({ words }: { words: string[] | null }) {
  if (!words) return <Text>{t("policy.noWords")}</Text>;
  return (
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {words.map((clause) => (
        <li key={clause}>
          <Shown text={clause} />
        </li>
      ))}
    </ul>
  );
}
