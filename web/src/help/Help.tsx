import { makeStyles, Text, tokens } from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useParams } from "react-router";
import { NotFound } from "../app/NotFound";
import { Link } from "../ui/links";
import { Loaded, Page } from "../ui/Page";
import { Section } from "../ui/Section";
import { Table } from "../ui/Table";
import { t } from "../words";
import { fetchHelp, type Help as Pages, type Part, TOPICS, type Topic } from "./page";

const useStyles = makeStyles({
  list: { listStyle: "none", margin: 0, padding: 0, display: "grid", gap: tokens.spacingVerticalL },
  lead: { display: "block", color: tokens.colorNeutralForeground2 },
  sentence: { display: "block", maxWidth: "72ch", marginBottom: tokens.spacingVerticalS },
  steps: { margin: 0, paddingInlineStart: "24px", maxWidth: "72ch" },
  step: { marginBottom: tokens.spacingVerticalS },
});

function useHelp() {
  return useQuery({ queryKey: ["help"], staleTime: Number.POSITIVE_INFINITY, queryFn: fetchHelp });
}

/** What there is to read. */
export function Index() {
  const styles = useStyles();
  const help = useHelp();
  return (
    <Page title={t("nav.help")} width="narrow">
      <Loaded of={help}>
        {(pages) => (
          <ul className={styles.list}>
            {TOPICS.map((topic) => (
              <li key={topic}>
                <Link to={`/help/${topic}`}>{pages[topic].title}</Link>
                <Text className={styles.lead}>{pages[topic].lead}</Text>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </Page>
  );
}

/** One page of help. */
export function Help() {
  const { topic = "" } = useParams();
  const known = TOPICS.find((one) => one === topic);
  return known ? <One topic={known} /> : <NotFound />;
}

function One({ topic }: { topic: Topic }) {
  const help = useHelp();
  const page: Pages[Topic] | undefined = help.data?.[topic];
  return (
    <Page title={page?.title ?? t("nav.help")} lead={page?.lead} width="narrow">
      <Loaded of={help}>
        {(pages) => pages[topic].parts.map((part: Part) => <Shown key={part.title} part={part} />)}
      </Loaded>
    </Page>
  );
}

function Shown({ part }: { part: Part }) {
  const styles = useStyles();
  return (
    <Section title={part.title}>
      {part.text?.map((sentence) => (
        <Text key={sentence} className={styles.sentence}>
          {sentence}
        </Text>
      ))}
      {part.steps && (
        <ol className={styles.steps}>
          {part.steps.map((step) => (
            <li key={step} className={styles.step}>
              {step}
            </li>
          ))}
        </ol>
      )}
      {part.table && (
        <Table
          label={part.title}
          rows={[...part.table.rows]}
          rowKey={(row) => row.join()}
          empty=""
          columns={part.table.head.map((header, place) => ({
            key: header,
            header,
            cell: (row: readonly string[]) =>
              row[place]?.startsWith("countersign ") ? <code>{row[place]}</code> : row[place],
          }))}
        />
      )}
    </Section>
  );
}
