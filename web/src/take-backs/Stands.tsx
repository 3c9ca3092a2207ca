import { Badge } from "@fluentui/react-components";
import { ArrowSync16Regular, Clock16Regular, Warning16Regular } from "@fluentui/react-icons";
import type { TakeBack } from "../api/shapes";
import { Time } from "../ui/Time";
import { t } from "../words";
import { type State, stateOf } from "./state";

const LOOKS: Record<State, { color: "informative" | "brand" | "danger"; icon: React.ReactElement }> = {
  later: { color: "informative", icon: <Clock16Regular /> },
  now: { color: "brand", icon: <ArrowSync16Regular /> },
  waits: { color: "brand", icon: <ArrowSync16Regular /> },
  retrying: { color: "danger", icon: <Warning16Regular /> },
};

/** How something stands that is to be taken back: in words, with what was tried and what comes. */
export function Stands({ of }: { of: TakeBack }) {
  const state = stateOf(of);
  return (
    <span>
      <Badge
        appearance="tint"
        size="large"
        shape="rounded"
        style={{ height: "auto", minHeight: 24, whiteSpace: "normal" }}
        {...LOOKS[state]}
      >
        {t(`takeBack.${state}`, { count: of.tries })}
      </Badge>
      {of.tried && (
        <div>
          {t("takeBack.last")} <Time at={of.tried} seconds />
        </div>
      )}
      {of.next && (
        <div>
          {t("takeBack.next")} <Time at={of.next} seconds />
        </div>
      )}
    </span>
  );
}
