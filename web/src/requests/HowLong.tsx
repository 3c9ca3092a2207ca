import { Field, Input, Select, Textarea } from "@fluentui/react-components";
import { useFormStyles } from "../ui/form";
import { visible } from "../ui/hidden";
import { Section } from "../ui/Section";
import { span } from "../ui/time";
import { t } from "../words";
import { durations } from "./durations";

/** How long, from when, and why. */
export interface Terms {
  /** In seconds; null is the usual. */
  duration: number | null;
  /** As the browser's field gives it, in the reader's zone. */
  start: string;
  ticket: string;
  reason: string;
}

export const NO_TERMS: Terms = { duration: null, start: "", ticket: "", reason: "" };

/** Duration (hours), start, ticket and comments. */
export function HowLong({
  of,
  change,
  chosen,
  longest,
  ticket,
  missing,
}: {
  of: Terms;
  change: (next: Terms) => void;
  chosen: number;
  longest: number;
  /** The shape that the policy wants a ticket to have. */
  ticket: string | null;
  missing: boolean;
}) {
  const form = useFormStyles();
  return (
    <Section title={t("new.howLong")}>
      <div className={form.form}>
        <Field
          label={t("request.duration")}
          hint={`${t("new.duration.hint")} ${t("new.duration.most", { span: span(longest) })}`}
        >
          <Select
            value={String(chosen)}
            onChange={(_, data) => change({ ...of, duration: Number(data.value) })}
          >
            {durations(longest).map((secs) => (
              <option key={secs} value={String(secs)}>
                {span(secs)}
              </option>
            ))}
          </Select>
        </Field>
        <Field label={t("new.start")} hint={t("new.start.hint")}>
          <Input
            type="datetime-local"
            value={of.start}
            onChange={(_, data) => change({ ...of, start: data.value })}
          />
        </Field>
        {ticket && (
          <Field label={t("request.ticket")} hint={visible(ticket)} required>
            <Input value={of.ticket} onChange={(_, data) => change({ ...of, ticket: data.value })} />
          </Field>
        )}
        <Field
          label={t("request.comments")}
          hint={t("new.comments.hint")}
          required
          {...(missing ? { validationState: "error" as const, validationMessage: t("fault.required") } : {})}
        >
          <Textarea
            rows={3}
            value={of.reason}
            onChange={(_, data) => change({ ...of, reason: data.value })}
          />
        </Field>
      </div>
    </Section>
  );
}
