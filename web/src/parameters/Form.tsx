import {
  Button,
  Checkbox,
  Dropdown,
  Field as FluentField,
  makeStyles,
  Option,
  SearchBox,
  tokens,
} from "@fluentui/react-components";
import { useState } from "react";
import { t } from "../words";
import type { Freedom } from "./constraints";
import { Field } from "./Field";
import type { Fault } from "./read";
import { type Draft, isRequired, open, type ParameterSpec, sets } from "./spec";

const useStyles = makeStyles({
  fields: { display: "flex", flexDirection: "column", gap: tokens.spacingVerticalL },
  any: { marginTop: `calc(-1 * ${tokens.spacingVerticalM})` },
});

/** So many optional parameters are always shown, in the definition's order; the rest stands behind a search. */
const FEW = 6;

export interface FormProps {
  task: string;
  specs: ParameterSpec[];
  draft: Draft;
  change: (draft: Draft) => void;
  set: string | null;
  choose: (set: string) => void;
  faults: Record<string, Fault>;
  /** For requests: which parameters approvers are asked to leave open, and whether that may be asked. */
  any?: { of: Freedom; change: (any: Freedom) => void; possible: (spec: ParameterSpec) => boolean };
  /** What was approved exactly and can't be given otherwise. */
  fixed?: Set<string>;
}

/** A task's parameters as a form: what must be given first, then the few that matter, the rest behind a button. */
export function Form(props: FormProps) {
  const { specs, draft, change, any, fixed } = props;
  const styles = useStyles();
  const [more, setMore] = useState(false);
  const [search, setSearch] = useState("");
  const offered = open(specs, draft, props.set);
  const given = (spec: ParameterSpec) =>
    Object.keys(draft).some(
      (key) => (key === spec.name || key.startsWith(`${spec.name}/`)) && draft[key] !== "",
    );
  const first = offered.filter((spec) => isRequired(spec, specs, draft) || fixed?.has(spec.name));
  const rest = offered.filter((spec) => !first.includes(spec));
  const few = rest.length <= FEW;
  const wanted = search.toLowerCase();
  const shown = rest.filter(
    (spec, index) =>
      few ||
      index < FEW ||
      given(spec) ||
      props.faults[spec.name] ||
      (more && `${spec.name} ${spec.title} ${spec.help}`.toLowerCase().includes(wanted)),
  );
  const names = sets(specs);
  const field = (spec: ParameterSpec) => (
    <div key={spec.name} className={styles.fields}>
      {!any?.of[spec.name] && (
        <Field
          task={props.task}
          spec={spec}
          draft={draft}
          change={(name, text) => change({ ...draft, [name]: text })}
          required={isRequired(spec, specs, draft)}
          fault={props.faults[spec.name]}
          disabled={fixed?.has(spec.name) ?? false}
        />
      )}
      {any?.possible(spec) && (
        <Checkbox
          className={any.of[spec.name] ? undefined : styles.any}
          label={t("parameters.any", { name: spec.title || spec.name })}
          checked={any.of[spec.name] ?? false}
          onChange={(_, data) => any.change({ ...any.of, [spec.name]: data.checked === true })}
        />
      )}
    </div>
  );
  return (
    <div className={styles.fields}>
      {names.length > 1 && (
        <FluentField label={t("parameters.set")}>
          <Dropdown
            value={props.set ?? ""}
            selectedOptions={[props.set ?? ""]}
            onOptionSelect={(_, data) => props.choose(data.optionValue ?? "")}
          >
            {names.map((name) => (
              <Option key={name} value={name}>
                {name}
              </Option>
            ))}
          </Dropdown>
        </FluentField>
      )}
      {first.map(field)}
      {!few && (
        <div>
          <Button appearance="subtle" aria-expanded={more} onClick={() => setMore(!more)}>
            {more ? t("parameters.fewer") : t("parameters.more", { count: rest.length - FEW })}
          </Button>
        </div>
      )}
      {!few && more && (
        <SearchBox
          placeholder={t("parameters.search")}
          aria-label={t("parameters.search")}
          value={search}
          onChange={(_, data) => setSearch(data.value)}
        />
      )}
      {shown.map(field)}
    </div>
  );
}
