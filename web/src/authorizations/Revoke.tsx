import { Button, Field, Textarea } from "@fluentui/react-components";
import { useState } from "react";
import { useIntent } from "../api/intent";
import { Confirm } from "../ui/Confirm";
import { t } from "../words";
import { revoke } from "./authorizations";

/** Revokes live access, as an approver; what runs under it is stopped. */
export function Revoke({ number }: { number: string }) {
  const [open, setOpen] = useState(false);
  const [comment, setComment] = useState("");
  const intent = useIntent(
    (_: undefined, key) => revoke(number, comment.trim(), key),
    () => setOpen(false),
  );
  return (
    <>
      <Button onClick={() => setOpen(true)}>{t("revoke")}</Button>
      <Confirm
        open={open}
        close={() => setOpen(false)}
        title={t("revoke.title", { number })}
        text={t("revoke.text")}
        act={t("revoke")}
        busy={intent.busy || comment.trim() === ""}
        problem={intent.problem}
        send={() => intent.send(undefined)}
      >
        <Field label={t("decide.comment")} required>
          <Textarea rows={2} value={comment} onChange={(_, data) => setComment(data.value)} />
        </Field>
      </Confirm>
    </>
  );
}
