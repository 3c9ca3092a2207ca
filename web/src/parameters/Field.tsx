import {
  Combobox,
  Dropdown,
  Field as FluentField,
  Input,
  Option,
  Switch,
  Textarea,
} from "@fluentui/react-components";
import { useState } from "react";
import { visible } from "../ui/hidden";
import { t } from "../words";
import { bytes } from "../words/numbers";
import { FileField } from "./FileField";
import { type Offer, useOffers } from "./offers";
import { PickerButton } from "./PickerButton";
import { usePicker } from "./picker";
import type { Fault } from "./read";
import type { Draft, Kind, ParameterSpec } from "./spec";

export interface FieldProps {
  task: string;
  spec: ParameterSpec;
  draft: Draft;
  change: (name: string, text: string) => void;
  required: boolean;
  fault: Fault | undefined;
  disabled?: boolean;
}

/** One parameter, by its kind. */
export function Field(props: FieldProps) {
  const { spec, required, fault } = props;
  const known = useOffers(props.task, spec);
  const picker = usePicker(spec.picker ?? null);
  const offers = [...known, ...picker.offers];
  const label = visible(spec.title || spec.name);
  const hint = [visible(spec.help), hintOf(spec, offers.length > 0)].filter((text) => text !== "").join(" ");
  const said = fault ? { validationState: "error" as const, validationMessage: t(`fault.${fault}`) } : {};
  if (spec.kind.type === "switch") {
    return (
      <FluentField hint={hint} {...said}>
        <Switch
          label={label}
          disabled={props.disabled}
          checked={props.draft[spec.name] === "true"}
          onChange={(_, data) => props.change(spec.name, data.checked ? "true" : "")}
        />
      </FluentField>
    );
  }
  if (spec.kind.type === "table") {
    return (
      <>
        {spec.kind.keys.map((key) => (
          <FluentField
            key={key}
            label={`${label}: ${visible(key)}`}
            hint={`${hint} ${t("parameters.lines")}`}
            {...said}
          >
            <Textarea
              disabled={props.disabled}
              value={props.draft[`${spec.name}/${key}`] ?? ""}
              onChange={(_, data) => props.change(`${spec.name}/${key}`, data.value)}
            />
          </FluentField>
        ))}
      </>
    );
  }
  if (spec.kind.type === "file") {
    const kind = spec.kind;
    return (
      <FluentField label={label} hint={hint} required={required} {...said}>
        <FileField
          text={props.draft[spec.name] ?? ""}
          set={(next) => props.change(spec.name, next)}
          kind={kind}
          label={label}
          disabled={props.disabled}
        />
      </FluentField>
    );
  }
  return (
    <>
      <FluentField label={label} hint={hint} required={required} {...said}>
        {control(props, offers)}
      </FluentField>
      {spec.picker && !props.disabled && <PickerButton task={spec.picker} of={picker} />}
    </>
  );
}

/** What was approved exactly: shown, not to be changed. */
function Fixed({ text, offers }: { text: string; offers: Offer[] }) {
  const shown = text.split("\n").map((line) => offers.find((offer) => offer.value === line)?.label ?? line);
  if (shown.length > 1) return <Textarea readOnly value={shown.join("\n")} />;
  return <Input readOnly value={shown[0] ?? ""} />;
}

function control({ spec, draft, change, disabled }: FieldProps, offers: Offer[]) {
  const text = draft[spec.name] ?? "";
  const set = (next: string) => change(spec.name, next);
  const kind: Kind = spec.kind;
  if (disabled) return <Fixed text={text} offers={offers} />;
  switch (kind.type) {
    case "boolean":
      return (
        <Choice
          disabled={disabled}
          text={text}
          set={set}
          options={[
            { value: "true", label: t("yes") },
            { value: "false", label: t("no") },
          ]}
        />
      );
    case "choice":
      return (
        <Choice
          disabled={disabled}
          text={text}
          set={set}
          options={kind.options.map((value) => ({ value, label: visible(value) }))}
        />
      );
    case "list":
      return <Several disabled={disabled} text={text} set={set} offers={offers} />;
    case "secret":
      return (
        <Input
          type="password"
          autoComplete="off"
          disabled={disabled}
          value={text}
          onChange={(_, data) => set(data.value)}
        />
      );
    case "string":
      if (kind.multiline)
        return <Textarea rows={5} disabled={disabled} value={text} onChange={(_, data) => set(data.value)} />;
      break;
    default:
  }
  if (offers.length > 0) return <Suggested disabled={disabled} text={text} set={set} offers={offers} />;
  const numeric = kind.type === "integer" || kind.type === "decimal";
  return (
    <Input
      disabled={disabled}
      spellCheck={false}
      autoComplete="off"
      {...(numeric ? { inputMode: "decimal" as const } : {})}
      value={text}
      onChange={(_, data) => set(data.value)}
    />
  );
}

interface ControlProps {
  text: string;
  set: (next: string) => void;
  disabled: boolean | undefined;
}

function Choice({ text, set, options, disabled }: ControlProps & { options: Offer[] }) {
  const chosen = options.find((option) => option.value === text);
  return (
    <Dropdown
      disabled={disabled}
      value={chosen?.label ?? t("parameters.notGiven")}
      selectedOptions={[text]}
      onOptionSelect={(_, data) => set(data.optionValue ?? "")}
    >
      <Option value="" text={t("parameters.notGiven")}>
        {t("parameters.notGiven")}
      </Option>
      {options.map((option) => (
        <Option key={option.value} value={option.value} text={option.label}>
          {option.label}
        </Option>
      ))}
    </Dropdown>
  );
}

const MOST = 50;

function Suggested({ text, set, offers, disabled }: ControlProps & { offers: Offer[] }) {
  const [typing, setTyping] = useState<string | null>(null);
  const chosen = offers.find((offer) => offer.value === text);
  const shown = typing ?? chosen?.label ?? text;
  const wanted = (typing ?? "").toLowerCase();
  const matching = offers.filter((offer) => offer.label.toLowerCase().includes(wanted)).slice(0, MOST);
  return (
    <Combobox
      freeform
      disabled={disabled}
      value={shown}
      selectedOptions={chosen ? [chosen.value] : []}
      onInput={(event) => {
        setTyping(event.currentTarget.value);
        set(event.currentTarget.value);
      }}
      onBlur={() => setTyping(null)}
      onOptionSelect={(_, data) => {
        setTyping(null);
        set(data.optionValue ?? data.optionText ?? "");
      }}
    >
      {matching.map((offer) => (
        <Option key={offer.value} value={offer.value} text={offer.label}>
          {offer.label}
        </Option>
      ))}
    </Combobox>
  );
}

function Several({ text, set, offers, disabled }: ControlProps & { offers: Offer[] }) {
  if (offers.length === 0)
    return <Textarea disabled={disabled} value={text} onChange={(_, data) => set(data.value)} />;
  const chosen = text.split("\n").filter((line) => line !== "");
  const labels = chosen.map((value) => offers.find((offer) => offer.value === value)?.label ?? value);
  return (
    <Dropdown
      multiselect
      disabled={disabled}
      value={labels.join(", ")}
      selectedOptions={chosen}
      onOptionSelect={(_, data) => set(data.selectedOptions.join("\n"))}
    >
      {offers.map((offer) => (
        <Option key={offer.value} value={offer.value} text={offer.label}>
          {offer.label}
        </Option>
      ))}
    </Dropdown>
  );
}

function hintOf(spec: ParameterSpec, chosen: boolean): string {
  const kind = spec.kind;
  const fallback =
    spec.default === null || spec.default === undefined
      ? ""
      : t("parameters.default", { value: visible(String(spec.default)) });
  const form = () => {
    switch (kind.type) {
      case "integer":
        if (kind.min !== null && kind.max !== null)
          return t("parameters.between", { min: kind.min, max: kind.max });
        return "";
      case "file":
        return t(kind.text ? "file.text" : "file.any", { most: bytes(kind.max_size) });
      case "duration":
        return t("parameters.duration");
      case "size":
        return t("parameters.size");
      case "instant":
        return t("parameters.instant");
      case "list":
        return chosen ? "" : t("parameters.lines");
      default:
        return "";
    }
  };
  return [form(), fallback].filter((text) => text !== "").join(" ");
}
