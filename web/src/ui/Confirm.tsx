import { lazy, Suspense } from "react";
import type { ConfirmProps } from "./Confirmation";

const Confirmation = lazy(() => import("./Confirmation"));

/** Asks once more before something ends. The dialog is fetched when it is first wanted. */
export function Confirm(props: ConfirmProps) {
  if (!props.open) return null;
  return (
    <Suspense>
      <Confirmation {...props} />
    </Suspense>
  );
}
