import {
  Button,
  Combobox,
  Field,
  Input,
  makeStyles,
  Option,
  Select,
  tokens,
} from "@fluentui/react-components";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, got } from "../api/client";
import { useMe } from "../sessions/session";
import { visible } from "../ui/hidden";
import { keysOf, t } from "../words";
import { kindOf } from "./EventFacts";
import type { Filter } from "./filter";

const useStyles = makeStyles({
  form: {
    display: "grid",
    gridTemplateColumns: "repeat(auto-fill, minmax(min(220px, 100%), 1fr))",
    gap: tokens.spacingHorizontalM,
    alignItems: "start",
    marginBottom: tokens.spacingVerticalL,
    "& > *": { minWidth: 0 },
    "& input, & select": { minWidth: 0, width: "100%" },
  },
  buttons: { display: "flex", gap: tokens.spacingHorizontalS, flexWrap: "wrap", gridColumn: "1 / -1" },
});

/** Always there; the rest opens. */
const MORE: (keyof Filter)[] = [
  "parameter",
  "value",
  "person",
  "kind",
  "outcome",
  "workload",
  "request",
  "policy",
  "execution",
  "code",
  "from",
  "to",
];

/** The outcomes that events have. */
const OUTCOMES = [
  "approved",
  "denied",
  "succeeded",
  "failed",
  "stopped",
  "unknown",
  "refused",
  "expired",
  "cancelled",
  "revoked",
];

/** What the log is searched by: two fields that most need, the others behind a button. */
export function Fields({
  start,
  busy,
  search,
}: {
  start: Filter;
  busy: boolean;
  search: (filter: Filter) => void;
}) {
  const styles = useStyles();
  const [typed, setTyped] = useState<Filter>(start);
  const [open, setOpen] = useState(MORE.some((name) => start[name]));
  const set = (name: keyof Filter) => (value: string) => setTyped({ ...typed, [name]: value });
  const text = (name: keyof Filter, hint?: string) => (
    <Field key={name} label={t(`audit.field.${name}`)} {...(hint ? { hint } : {})}>
      <Input value={typed[name] ?? ""} onChange={(_, data) => set(name)(data.value)} />
    </Field>
  );
  const time = (name: "from" | "to") => (
    <Field key={name} label={t(`audit.field.${name}`)}>
      <Input
        style={{ minWidth: 0 }}
        type="datetime-local"
        step={1}
        value={typed[name] ?? ""}
        onChange={(_, data) => set(name)(data.value)}
      />
    </Field>
  );
  const given = MORE.filter((name) => typed[name]?.trim()).length;
  return (
    <search>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          search(typed);
        }}
      >
        {text("text")}
        {text("task")}
        {open && (
          <>
            {text("parameter")}
            {text("value", t("audit.field.value.hint"))}
            <PersonField value={typed.person ?? ""} change={set("person")} />
            <Field label={t("audit.field.kind")}>
              <Select value={typed.kind ?? ""} onChange={(_, data) => set("kind")(data.value)}>
                <option value="">{t("audit.any")}</option>
                {KINDS.map((kind) => (
                  <option key={kind} value={kind}>
                    {kindOf(kind)}
                  </option>
                ))}
              </Select>
            </Field>
            <Field label={t("audit.field.outcome")}>
              <Select value={typed.outcome ?? ""} onChange={(_, data) => set("outcome")(data.value)}>
                <option value="">{t("audit.any")}</option>
                {[...new Set([...OUTCOMES, ...(typed.outcome ? [typed.outcome] : [])])].map((outcome) => (
                  <option key={outcome} value={outcome}>
                    {outcome}
                  </option>
                ))}
              </Select>
            </Field>
            {text("workload")}
            {text("request")}
            {text("policy")}
            {text("execution")}
            {text("code")}
            {time("from")}
            {time("to")}
          </>
        )}
        <div className={styles.buttons}>
          <Button type="submit" appearance="primary" disabled={busy}>
            {t("audit.search")}
          </Button>
          <Button appearance="subtle" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open
              ? t("audit.fewer")
              : given > 0
                ? t("audit.more.given", { count: given })
                : t("audit.moreFilters")}
          </Button>
        </div>
      </form>
    </search>
  );
}

/** Every kind of event that has a word. */
const KINDS = keysOf("event.").map((key) => key.slice("event.".length));

/** A person by name; who may not read names gives an id. */
function PersonField({ value, change }: { value: string; change: (id: string) => void }) {
  const me = useMe();
  const [typing, setTyping] = useState<string | null>(null);
  const people = useQuery({
    queryKey: ["people", "offers"],
    enabled: me.data?.reads_configuration === true,
    staleTime: 60_000,
    queryFn: async () => await got(api.GET("/api/v1/people", { params: { query: { limit: 500 } } })),
  });
  const all = people.data?.items ?? [];
  const label = (person: (typeof all)[number]) =>
    visible(`${person.display_name ?? ""} (${person.upn ?? person.id})`);
  const chosen = all.find((person) => person.id === value);
  if (all.length === 0)
    return (
      <Field label={t("audit.field.person")} hint={t("audit.field.person.id")}>
        <Input value={value} onChange={(_, data) => change(data.value)} />
      </Field>
    );
  const matching = all.filter((person) =>
    label(person)
      .toLowerCase()
      .includes((typing ?? "").toLowerCase()),
  );
  return (
    <Field label={t("audit.field.person")}>
      <Combobox
        clearable
        placeholder={t("audit.any")}
        value={typing ?? (chosen ? label(chosen) : value)}
        selectedOptions={value ? [value] : []}
        onInput={(event) => setTyping(event.currentTarget.value)}
        onBlur={() => setTyping(null)}
        onOptionSelect={(_, data) => {
          setTyping(null);
          change(data.optionValue ?? "");
        }}
      >
        {matching.slice(0, 50).map((person) => (
          <Option key={person.id} value={person.id} text={label(person)}>
            {label(person)}
          </Option>
        ))}
      </Combobox>
    </Field>
  );
}
