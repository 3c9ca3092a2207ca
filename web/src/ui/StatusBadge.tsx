import { Badge } from "@fluentui/react-components";
import {
  CheckmarkCircle16Filled,
  Clock16Regular,
  DismissCircle16Filled,
  PlayCircle16Regular,
  ProhibitedRegular,
  QuestionCircle16Regular,
  Warning16Regular,
} from "@fluentui/react-icons";
import type { ReactElement } from "react";
import { hasKey, t } from "../words";
import { visible } from "./hidden";

type Look = { color: "success" | "danger" | "warning" | "informative" | "brand"; icon: ReactElement };

const LOOKS: Record<string, Look> = {
  pending: { color: "warning", icon: <Clock16Regular /> },
  approved: { color: "success", icon: <CheckmarkCircle16Filled /> },
  active: { color: "success", icon: <CheckmarkCircle16Filled /> },
  succeeded: { color: "success", icon: <CheckmarkCircle16Filled /> },
  denied: { color: "danger", icon: <DismissCircle16Filled /> },
  failed: { color: "danger", icon: <DismissCircle16Filled /> },
  revoked: { color: "danger", icon: <ProhibitedRegular fontSize={16} /> },
  stopped: { color: "warning", icon: <ProhibitedRegular fontSize={16} /> },
  unknown: { color: "warning", icon: <QuestionCircle16Regular /> },
  running: { color: "brand", icon: <PlayCircle16Regular /> },
  definition_changed: { color: "warning", icon: <Warning16Regular /> },
};
const OTHER: Look = { color: "informative", icon: <Clock16Regular /> };

/** How something stands: a word, an icon and a colour, never the colour alone. */
export function StatusBadge({ status }: { status: string }) {
  const look = LOOKS[status] ?? OTHER;
  const word = hasKey(`status.${status}`)
    ? t(`status.${status}` as "status.pending")
    : visible(status.replaceAll("_", " "));
  return (
    <Badge appearance="tint" size="large" shape="rounded" style={{ whiteSpace: "nowrap" }} {...look}>
      {word}
    </Badge>
  );
}
