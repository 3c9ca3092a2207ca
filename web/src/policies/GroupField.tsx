import { Field, Select } from "@fluentui/react-components";
import { visible } from "../ui/hidden";
import { t } from "../words";
import { useGroups } from "./choices";

/** Chooses a group by name. */
export function GroupField({
  label,
  hint,
  value,
  change,
  empty,
  fault,
}: {
  label: string;
  hint?: string;
  value: string;
  change: (name: string) => void;
  /** What no choice means. */
  empty: string;
  fault?: string | undefined;
}) {
  const groups = useGroups();
  return (
    <Field
      label={label}
      {...(hint ? { hint } : {})}
      {...(fault ? { validationState: "error" as const, validationMessage: fault } : {})}
    >
      <Select value={value} onChange={(_, data) => change(data.value)}>
        <option value="">{empty}</option>
        {(groups.data?.items ?? []).map((group) => (
          <option key={group.id} value={group.name}>
            {t("wizard.group.of", { name: visible(group.name), count: group.people })}
          </option>
        ))}
      </Select>
    </Field>
  );
}
