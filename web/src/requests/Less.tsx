import { Field, Input, Select } from "@fluentui/react-components";
import { useEffect, useState } from "react";
import type { Less as Narrower, ParameterSpec, RequestDetails } from "../api/shapes";
import { Field as ParameterField } from "../parameters/Field";
import { readAll } from "../parameters/read";
import type { Draft } from "../parameters/spec";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { span } from "../ui/time";
import { t } from "../words";
import { durations } from "./durations";

/** What is granted instead: a shorter time, fewer uses, one value where any was asked for. */
export default function Less({
  of,
  specs,
  change,
}: {
  of: RequestDetails;
  specs: ParameterSpec[];
  /** Null while it is no less than what was asked, or can't be read. */
  change: (less: Narrower | null) => void;
}) {
  const form = useFormStyles();
  const [duration, setDuration] = useState(of.duration_secs);
  const [uses, setUses] = useState("");
  const [draft, setDraft] = useState<Draft>({});
  const open = (of.parameters ?? []).filter((one) => one.any_value).map((one) => one.name);
  const free = specs.filter((spec) => open.includes(spec.name));
  const { values, faults } = readAll(free, draft, () => false);
  const most = of.uses ?? Number.POSITIVE_INFINITY;
  const count = uses === "" ? null : Number(uses);
  const wrong = count !== null && !(Number.isSafeInteger(count) && count >= 1 && count < most);
  const constraints = Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { equals: value }]),
  );
  const less: Narrower = {
    ...(duration < of.duration_secs ? { duration_secs: duration } : {}),
    ...(count === null ? {} : { uses: count }),
    ...(Object.keys(constraints).length > 0 ? { constraints } : {}),
  };
  const usable = !wrong && Object.keys(faults).length === 0 && Object.keys(less).length > 0;
  const told = usable ? JSON.stringify(less) : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: told once for each change
  useEffect(() => change(told === null ? null : (JSON.parse(told) as Narrower)), [told]);
  return (
    <div className={form.form}>
      <Field label={t("decide.less.duration")}>
        <Select value={String(duration)} onChange={(_, data) => setDuration(Number(data.value))}>
          {durations(of.duration_secs).map((secs) => (
            <option key={secs} value={String(secs)}>
              {span(secs)}
            </option>
          ))}
        </Select>
      </Field>
      <Field
        label={t("decide.less.uses")}
        hint={of.uses ? t("request.uses.most", { count: of.uses }) : t("decide.less.uses.hint")}
        {...(wrong ? { validationState: "error" as const, validationMessage: t("fault.range") } : {})}
      >
        <Input inputMode="numeric" value={uses} onChange={(_, data) => setUses(data.value.trim())} />
      </Field>
      {free.map((spec) => (
        <ParameterField
          key={spec.name}
          task={of.target.name}
          spec={{
            ...spec,
            title: t("decide.less.only", { name: visible(spec.title || spec.name) }),
          }}
          draft={draft}
          change={(name, text) => setDraft({ ...draft, [name]: text })}
          required={false}
          fault={faults[spec.name]}
        />
      ))}
    </div>
  );
}
