import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from "@fluentui/react-components";
import { Dismiss24Regular } from "@fluentui/react-icons";
import type { AuditEvent } from "../api/shapes";
import { Link } from "../ui/links";
import { t } from "../words";
import { EventFacts, kindOf } from "./EventFacts";

/** One event of a search, beside its list. */
export function EventPanel({ of, close }: { of: AuditEvent | null; close: () => void }) {
  return (
    <OverlayDrawer
      position="end"
      open={of !== null}
      onOpenChange={(_, data) => !data.open && close()}
      style={{ width: "min(440px, 100vw)" }}
    >
      {of && (
        <>
          <DrawerHeader>
            <DrawerHeaderTitle
              action={
                <Button
                  appearance="subtle"
                  aria-label={t("close")}
                  icon={<Dismiss24Regular />}
                  onClick={close}
                />
              }
            >
              {kindOf(of.kind)}
            </DrawerHeaderTitle>
          </DrawerHeader>
          <DrawerBody>
            <EventFacts of={of} />
            <p>
              <Link to={`/audit/${of.seq}`}>{t("audit.whole")}</Link>
            </p>
          </DrawerBody>
        </>
      )}
    </OverlayDrawer>
  );
}
