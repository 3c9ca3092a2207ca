import { Shown } from "../ui/Shown";

/** A clause of a policy; the names in it, which the server puts into backquotes, stand out. */
export function Clause({ text }: { text: string }) {
  return (
    <>
      {text.split(/`([^`]*)`/).map((piece, index) =>
        index % 2 === 1 ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          <strong key={index}>
            <Shown text={piece} />
          </strong>
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one text have no other name
          piece && <Shown key={index} text={piece} />
        ),
      )}
    </>
  );
}
