import { Text } from "@fluentui/react-components";
import { t } from "../words";
import { Clause } from "./Clause";

/** A policy's terms in words. */
export function PolicyWords({ words }: { words: string[] | null }) {
  if (!words) return <Text>{t("policy.noWords")}</Text>;
  return (
    <ul style={{ margin: 0, paddingInlineStart: 20 }}>
      {words.map((clause) => (
        <li key={clause}>
          <Clause text={clause} />
        </li>
      ))}
    </ul>
  );
}

/** Names stand between backticks; they are told from the words around them by their weight. */
function Clause({ text }: { text: string }) {
  return text.split("`").map((piece, place) =>
    place % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
      <Text key={place} weight="semibold">
        <Shown text={piece} />
      </Text>
    ) : (
      // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
      <Shown key={place} text={piece} />
    ),
  );
}
