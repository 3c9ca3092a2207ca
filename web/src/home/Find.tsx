import { Field, Input, Text } from "@fluentui/react-components";
import { useDeferredValue, useState } from "react";
import { type Choice, fits, useChoices } from "../requests/targets";
import { Link, taskPath } from "../ui/links";
import { Section } from "../ui/Section";
import { Shown } from "../ui/Shown";
import { t } from "../words";
import { useItemStyles } from "./items";

/** Past this many the person types another word. */
const MOST = 8;
/** So many are shown before anything is typed. */
const FEW = 4;

/** What fits a search; without one, what I may ask for on targets. */
export function found(choices: Choice[], search: string): Choice[] {
  if (search.trim() !== "") return choices.filter((choice) => fits(choice, search));
  return choices
    .filter((choice) => choice.mayAsk && choice.workload !== "Countersign" && choice.type === "Task")
    .slice(0, FEW);
}

/** Finds what to do by what it does. */
export function Find() {
  const styles = useItemStyles();
  const choices = useChoices();
  const [text, setText] = useState("");
  const search = useDeferredValue(text);
  const all = found(choices, search);
  const searched = search.trim() !== "";
  return (
    <Section title={t("home.find")}>
      <Field label={t("home.find.field")} hint={t("home.find.hint")}>
        <Input type="search" value={text} onChange={(_, data) => setText(data.value)} />
      </Field>
      <ul className={styles.list} aria-live="polite">
        {all.slice(0, MOST).map((choice) => (
          <li key={`${choice.type}|${choice.name}`} className={styles.item}>
            <span className={styles.grow}>
              <Link
                to={
                  choice.type === "Task"
                    ? taskPath(choice.name)
                    : `/requests/new?type=${encodeURIComponent(choice.type)}&name=${encodeURIComponent(choice.name)}`
                }
              >
                <Shown text={choice.title || choice.name} />
              </Link>
              <Text className={styles.quiet}>
                {t(`type.${choice.type}`)} · <Shown text={choice.name} />
              </Text>
            </span>
          </li>
        ))}
        {searched && all.length === 0 && <li className={styles.item}>{t("request.access.none")}</li>}
        {all.length > MOST && <li className={styles.item}>{t("role.more", { count: all.length - MOST })}</li>}
      </ul>
    </Section>
  );
}
