import { makeStyles, tokens } from "@fluentui/react-components";
import { t } from "../words";
import { type Lines, pieces } from "./hidden";

const useStyles = makeStyles({
  many: { whiteSpace: "pre-wrap", overflowWrap: "anywhere" },
  one: { overflowWrap: "anywhere" },
  hidden: {
    fontFamily: tokens.fontFamilyMonospace,
    fontSize: "0.85em",
    color: tokens.colorPaletteRedForeground1,
    backgroundColor: tokens.colorPaletteRedBackground1,
    border: `1px solid ${tokens.colorPaletteRedBorder1}`,
    borderRadius: tokens.borderRadiusSmall,
    padding: "0 2px",
    margin: "0 1px",
  },
});

/** Text that somebody else wrote. What hides in it is named, and it can't change the direction of what is around it. */
export function Shown({ text, lines = "one" }: { text: string | null | undefined; lines?: Lines }) {
  const styles = useStyles();
  if (text === null || text === undefined) return <span>{t("shown.erased")}</span>;
  return (
    <bdi className={lines === "many" ? styles.many : styles.one}>
      {pieces(text, lines).map((piece, index) =>
        piece.hidden ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          <span key={index} className={styles.hidden} title={t("shown.hidden")}>
            {piece.text}
          </span>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          <span key={index}>{piece.text}</span>
        ),
      )}
    </bdi>
  );
}

/** A person as others see them: the name they show, and the name they sign in with, which nobody can choose alike. */
export function Who({
  person,
  plain,
}: {
  person: { id: string; upn: string | null; display_name: string | null } | null | undefined;
  plain?: boolean;
}) {
  if (!person) return <span>{t("person.system")}</span>;
  if (!person.upn) return <code>{person.id}</code>;
  if (plain || !person.display_name || person.display_name === person.upn) return <Shown text={person.upn} />;
  return (
    <span>
      <Shown text={person.display_name} /> (<Shown text={person.upn} />)
    </span>
  );
}

/** A sentence that the server made: it stays in its language, and screen readers are told which that is. */
export function Served({ text }: { text: string }) {
  return (
    <span lang="en">
      <Shown text={text} />
    </span>
  );
}
