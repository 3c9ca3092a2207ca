import { Button, makeStyles, Spinner, Text, tokens } from "@fluentui/react-components";
import { ArrowUpload20Regular } from "@fluentui/react-icons";
import { useRef, useState } from "react";
import { type Problem, problemOf } from "../api/problem";
import { visible } from "../ui/hidden";
import { Refusal } from "../ui/Refusal";
import { t } from "../words";
import { bytes } from "../words/numbers";
import { fileIn, LARGEST, upload } from "./files";

const useStyles = makeStyles({
  line: { display: "flex", flexWrap: "wrap", alignItems: "center", gap: tokens.spacingHorizontalM },
  input: { display: "none" },
  digest: { display: "block", overflowWrap: "anywhere", color: tokens.colorNeutralForeground2 },
});

/** Takes a file. What approvers see of it is said: text whole, anything else by size, kind and digest. */
export function FileField({
  text,
  set,
  kind,
  label,
  disabled,
}: {
  text: string;
  set: (next: string) => void;
  kind: { max_size: number; text: boolean };
  label: string;
  disabled: boolean | undefined;
}) {
  const styles = useStyles();
  const input = useRef<HTMLInputElement>(null);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const most = Math.min(kind.max_size, LARGEST);
  const file = fileIn(text);
  const take = async (chosen: File) => {
    setProblem(null);
    if (chosen.size > most) {
      setProblem({
        status: 413,
        code: "payload_too_large",
        title: "",
        detail: t("file.large", { most: bytes(most) }),
      });
      return;
    }
    setBusy(true);
    try {
      set(JSON.stringify(await upload(chosen, kind.text)));
    } catch (error) {
      setProblem(problemOf(error));
    } finally {
      setBusy(false);
    }
  };
  return (
    <div>
      <div className={styles.line}>
        <input
          ref={input}
          className={styles.input}
          type="file"
          aria-label={label}
          {...(kind.text ? { accept: "text/*" } : {})}
          onChange={(event) => {
            const element = event.currentTarget;
            const [chosen] = element.files ?? [];
            if (!chosen) return;
            void take(chosen).finally(() => {
              // The same file chosen again is sent again.
              element.value = "";
            });
          }}
        />
        {!disabled && (
          <Button
            icon={busy ? <Spinner size="tiny" /> : <ArrowUpload20Regular />}
            disabled={busy}
            onClick={() => input.current?.click()}
          >
            {file ? t("file.other") : t("file.choose")}
          </Button>
        )}
        {file && (
          <Text>
            {file.name && <>{visible(file.name)}, </>}
            {bytes(file.size)}, {visible(file.media_type)}
          </Text>
        )}
        {file && !disabled && (
          <Button appearance="subtle" onClick={() => set("")}>
            {t("file.remove")}
          </Button>
        )}
      </div>
      {file && <code className={styles.digest}>SHA-256 {file.sha256}</code>}
      {problem && <Refusal problem={problem} />}
    </div>
  );
}
