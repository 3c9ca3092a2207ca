import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from "@fluentui/react-components";
import { Dismiss24Regular } from "@fluentui/react-icons";
import { useEffect, useRef } from "react";
import type { AuditEvent } from "../api/shapes";
import { Link } from "../ui/links";
import { t } from "../words";
import { EventFacts, kindOf } from "./EventFacts";

/**
 * One event of a search, beside its list. The list stays usable: a panel that takes the page away from screen readers
 * would leave it taken when one of its links is followed.
 */
export function EventPanel({ of, close }: { of: AuditEvent | null; close: () => void }) {
  const dismiss = useRef<HTMLButtonElement>(null);
  const opener = useRef<Element | null>(null);
  const seq = of?.seq;
  // Focus goes to the panel when it opens, and back to the row when it closes.
  useEffect(() => {
    if (seq === undefined) {
      if (opener.current instanceof HTMLElement && opener.current.isConnected) opener.current.focus();
      opener.current = null;
      return;
    }
    opener.current ??= document.activeElement;
    dismiss.current?.focus();
  }, [seq]);
  return (
    <OverlayDrawer
      position="end"
      modalType="non-modal"
      open={of !== null}
      onOpenChange={(_, data) => !data.open && close()}
      style={{ width: "min(440px, 100vw)" }}
      {...(of ? { "aria-label": kindOf(of.kind) } : {})}
    >
      {of && (
        <>
          <DrawerHeader>
            <DrawerHeaderTitle
              action={
                <Button
                  ref={dismiss}
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
