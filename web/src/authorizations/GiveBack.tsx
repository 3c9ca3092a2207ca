import { Button } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import { Confirm } from "../ui/Confirm";
import { t } from "../words";
import { giveBack } from "./authorizations";

/** Gives live access back before its end. */
export function GiveBack({ number, size }: { number: string; size?: "small" }) {
  const [open, setOpen] = useState(false);
  const intent = useIntent(
    (_: undefined, key) => giveBack(number, key),
    () => setOpen(false),
  );
  return (
    <>
      <Button size={size ?? "medium"} onClick={() => setOpen(true)}>
        {t("giveBack")}
      </Button>
      <Confirm
        open={open}
        close={() => setOpen(false)}
        title={t("giveBack.title", { number })}
        text={t("giveBack.text")}
        act={t("giveBack")}
        busy={intent.busy}
        problem={intent.problem}
        send={() => intent.send(undefined)}
      />
    </>
  );
}
