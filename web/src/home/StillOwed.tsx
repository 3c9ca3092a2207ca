import { useMe } from "../sessions/session";
import { Owed } from "../take-backs/Owed";
import { useTakeBacks } from "../take-backs/take-backs";
import { t } from "../words";

/** What my own runs left that ends with my access. */
export function StillOwed() {
  const me = useMe();
  const open = useTakeBacks();
  const mine = open.data?.items.filter((one) => one.person.id === me.data?.person) ?? [];
  return <Owed of={mine} title={t("home.owed")} />;
}
