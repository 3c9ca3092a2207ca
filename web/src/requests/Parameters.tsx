import { Badge, makeStyles, Text, tokens } from "@fluentui/react-components";
import type { OpenedTask, RequestDetails } from "../api/shapes";
import { Paged } from "../ui/Paged";
import { Shown } from "../ui/Shown";
import type { Column } from "../ui/Table";
import { t } from "../words";
import { Files } from "./Files";
import { listOpened } from "./requests";

const OPENED: Column<OpenedTask>[] = [
  { key: "name", header: t("nav.tasks"), cell: (row) => <Shown text={row.name} /> },
];

const useStyles = makeStyles({
  heading: { display: "block", marginTop: tokens.spacingVerticalL, marginBottom: tokens.spacingVerticalS },
  list: {
    listStyle: "none",
    margin: 0,
    padding: 0,
    border: `1px solid ${tokens.colorNeutralStroke2}`,
    borderRadius: tokens.borderRadiusMedium,
  },
  item: {
    padding: `${tokens.spacingVerticalS} ${tokens.spacingHorizontalM}`,
    ":not(:last-child)": { borderBottom: `1px solid ${tokens.colorNeutralStroke2}` },
  },
  value: { fontFamily: tokens.fontFamilyMonospace, display: "block", overflowWrap: "anywhere" },
  quiet: { color: tokens.colorNeutralForeground2 },
});

/** Exactly what is asked: every parameter, nothing cut, what is left open in capitals. */
export function Parameters({ of }: { of: RequestDetails }) {
  const styles = useStyles();
  if (of.target.type !== "Task") return <Covers of={of} />;
  if (!of.parameters) return <Text className={styles.heading}>{t("request.erased")}</Text>;
  if (of.parameters.length === 0) return <Text className={styles.heading}>{t("request.noParameters")}</Text>;
  return (
    <>
      <Text as="h3" weight="semibold" className={styles.heading}>
        {t("request.exactly")}
      </Text>
      <ul className={styles.list} data-testid="parameters">
        {of.parameters.map((one) => (
          <li key={one.name} className={styles.item}>
            <span className={styles.quiet}>
              <Shown text={one.title} />
              {one.title !== one.name && <> ({one.name})</>}
            </span>
            <span className={styles.value}>
              {one.any_value ? (
                <Badge color="danger" appearance="filled" shape="rounded">
                  {t("request.anyValue")}
                </Badge>
              ) : (
                <Shown text={one.text} lines="many" />
              )}
            </span>
          </li>
        ))}
      </ul>
      <Files of={of} />
    </>
  );
}

/** A short list whole; of a long one only what is on the screen is in the document. */
function Opened({ of, number }: { of: NonNullable<RequestDetails["covers"]>; number: string }) {
  const styles = useStyles();
  if (!of.first) return <Text block>{t("request.covers.gone")}</Text>;
  if (of.count > of.first.length) {
    return (
      <Paged
        label={t("request.covers", { count: of.count })}
        columns={OPENED}
        rowKey={(row) => row.name}
        empty={t("request.covers.gone")}
        queryKey={["requests", number, "tasks"]}
        fetchPage={(place) => listOpened(number, place)}
      />
    );
  }
  return (
    <ul className={styles.list}>
      {of.first.map((task) => (
        <li key={task} className={styles.item}>
          <Shown text={task} />
        </li>
      ))}
    </ul>
  );
}

function Covers({ of }: { of: RequestDetails }) {
  const styles = useStyles();
  if (!of.covers) return null;
  return (
    <>
      <Text as="h3" weight="semibold" className={styles.heading}>
        {t("request.covers", { count: of.covers.count })}
      </Text>
      <Opened of={of.covers} number={of.number} />
    </>
  );
}
