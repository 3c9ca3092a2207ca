import {
  Button,
  DrawerBody,
  DrawerHeader,
  DrawerHeaderTitle,
  OverlayDrawer,
} from "@fluentui/react-components";
import { Dismiss24Regular } from "@fluentui/react-icons";
import type { AuditEvent } from "../api/shapes";
import { Facts } from "../ui/Facts";
import { Link, taskPath } from "../ui/links";
import { Shown, Who } from "../ui/Shown";
import { Time } from "../ui/Time";
import { t } from "../words";
import { kindOf } from "./Search";

/** One event with everything it is linked to. */
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
            <Facts
              of={[
                [t("audit.seq"), String(of.seq)],
                [t("audit.time"), <Time key="time" at={of.time} />],
                [t("person"), of.person ? <Who person={of.person} /> : t("person.system")],
                [t("audit.actor"), <Shown key="actor" text={of.actor} />],
                [
                  t("execution.task"),
                  of.task && (
                    <Link to={taskPath(of.task)}>
                      <Shown text={of.task} />
                    </Link>
                  ),
                ],
                [t("audit.outcome"), of.outcome && <Shown text={of.outcome} />],
                [t("refusal.code"), of.code && <code>{of.code}</code>],
                [t("audit.request"), of.request && <Link to={`/requests/${of.request}`}>{of.request}</Link>],
                [
                  t("execution.title"),
                  of.execution && <Link to={`/executions/${of.execution}`}>{of.execution}</Link>,
                ],
                [t("policy.title"), of.policy && <Link to={`/policies/${of.policy}`}>{of.policy}</Link>],
                [t("audit.subject"), of.subject && <Shown text={of.subject} />],
                [t("audit.event"), <code key="kind">{of.kind}</code>],
              ]}
            />
          </DrawerBody>
        </>
      )}
    </OverlayDrawer>
  );
}
