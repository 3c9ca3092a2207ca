import { Button, Spinner, Text } from "@fluentui/react-components";
import { List20Regular } from "@fluentui/react-icons";
import { visible } from "../ui/hidden";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";
import type { Picker } from "./picker";

/** Fetches what can be chosen, where a task lists it. */
export function PickerButton({ task, of }: { task: string; of: Picker }) {
  return (
    <div>
      <Button
        size="small"
        appearance="subtle"
        icon={of.busy ? <Spinner size="tiny" /> : <List20Regular />}
        disabled={of.busy}
        onClick={of.fetch}
      >
        {t("picker.fetch", { task: visible(task) })}
      </Button>{" "}
      <Text role="status">
        {of.failed ? t("picker.failed") : of.done && t("picker.found", { count: of.offers.length })}
      </Text>
      {of.problem && <Refusal problem={of.problem} />}
    </div>
  );
}
