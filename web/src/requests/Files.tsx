import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { ArrowDownload20Regular } from "@fluentui/react-icons";
import { useState } from "react";
import { problemOf } from "../api/problem";
import type { RequestDetails } from "../api/shapes";
import { save } from "../audit/download";
import { Refusal } from "../ui/Refusal";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { bytes } from "../words/numbers";
import { beginning, type Content, FETCHED, FIRST, type RequestFile, useRequestFile } from "./files";

const useStyles = makeStyles({
  heading: { display: "block", marginTop: tokens.spacingVerticalL },
  facts: { display: "block", overflowWrap: "anywhere", color: tokens.colorNeutralForeground2 },
  bar: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalS },
  pane: {
    fontFamily: tokens.fontFamilyMonospace,
    backgroundColor: tokens.colorNeutralBackground3,
    borderRadius: tokens.borderRadiusMedium,
    padding: tokens.spacingHorizontalM,
    marginBlock: tokens.spacingVerticalS,
    maxHeight: "60vh",
    overflow: "auto",
    whiteSpace: "pre-wrap",
  },
});

/** What the files hold that a request cites: text whole, anything else to be saved and looked at elsewhere. */
export function Files({ of }: { of: RequestDetails }) {
  return of.files?.map((file) => <File key={file.parameter + file.sha256} number={of.number} file={file} />);
}

function File({ number, file }: { number: string; file: RequestFile }) {
  const styles = useStyles();
  const [wanted, setWanted] = useState(file.size <= FETCHED);
  const content = useRequestFile(number, file.sha256, wanted);
  return (
    <div data-testid="request-file">
      <Text as="h4" weight="semibold" className={styles.heading}>
        {t("file.content")} <Shown text={file.parameter} />
      </Text>
      <Text className={styles.facts}>
        {bytes(file.size)}, SHA-256 {file.sha256}
      </Text>
      {!wanted && (
        <Button size="small" onClick={() => setWanted(true)}>
          {t("file.fetch")}
        </Button>
      )}
      {wanted && content.isPending && <Spinner size="tiny" label={t("file.fetching")} />}
      {content.error && <Refusal problem={problemOf(content.error)} again={() => void content.refetch()} />}
      {content.data && <Held content={content.data} number={number} file={file} />}
    </div>
  );
}

function Held({ content, number, file }: { content: Content; number: string; file: RequestFile }) {
  const styles = useStyles();
  const [whole, setWhole] = useState(false);
  const { text, blob } = content;
  const cut = text !== null && text.length > FIRST && !whole;
  const name = `${number}-${file.sha256.slice(0, 12)}.${text === null ? "bin" : "txt"}`;
  return (
    <>
      {text !== null && (
        <section
          className={styles.pane}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
          tabIndex={0}
          aria-label={`${t("file.content")} ${file.parameter}`}
        >
          <Shown text={cut ? beginning(text) : text} lines="many" />
        </section>
      )}
      <span className={styles.bar}>
        {text === null && <Text>{t("file.noText")}</Text>}
        {cut && <Text weight="semibold">{t("file.beginning")}</Text>}
        {cut && (
          <Button size="small" onClick={() => setWhole(true)}>
            {t("file.whole")}
          </Button>
        )}
        <Button size="small" icon={<ArrowDownload20Regular />} onClick={() => save(blob, name)}>
          {t("file.download")}
        </Button>
      </span>
    </>
  );
}
