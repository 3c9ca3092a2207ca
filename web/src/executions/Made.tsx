import { Button, MessageBar, MessageBarBody, MessageBarTitle } from "@fluentui/react-components";
import type { Ran } from "../api/shapes";
import { useOrganization } from "../organization/organization";
import { visible } from "../ui/hidden";
import { ButtonLink } from "../ui/links";
import { Shown } from "../ui/Shown";
import { t } from "../words";

/** What one of Countersign's own tasks made. A single-use link is shown here and nowhere else. */
export function Made({ of }: { of: Ran }) {
  const setUp = useOrganization().data?.set_up ?? false;
  const made = Object.entries(of.made);
  const link = of.link ? `${location.origin}/invitation#${of.link}` : null;
  return (
    <MessageBar intent="success" layout="multiline" style={{ marginBottom: 16 }}>
      <MessageBarBody style={{ whiteSpace: "normal", paddingBlock: 6, overflowWrap: "anywhere" }}>
        <MessageBarTitle>{t("made.title")}</MessageBarTitle>
        {made.map(([name, value]) => (
          <div key={name}>
            {visible(name)}:{" "}
            <code>
              <Shown text={String(value)} />
            </code>
          </div>
        ))}
        {"invitation" in of.made && !link && <div>{t("made.mailed")}</div>}
        {link && (
          <div>
            {t("made.link")} <code>{link}</code>{" "}
            <Button size="small" onClick={() => void navigator.clipboard.writeText(link)}>
              {t("copy")}
            </Button>
          </div>
        )}
        {setUp && (
          <div style={{ marginTop: 8 }}>
            <ButtonLink to="/" appearance="primary">
              {t("setUp.on")}
            </ButtonLink>
          </div>
        )}
      </MessageBarBody>
    </MessageBar>
  );
}
