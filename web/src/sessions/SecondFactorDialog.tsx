import { lazy, Suspense } from "react";
import type { Problem } from "../api/problem";

const FreshFactor = lazy(() => import("./FreshFactor"));

const WANTS = ["assurance_too_low", "second_factor_required"];

/** Where a refusal asks for a fresh second factor: takes a code and tries again. */
export function SecondFactorDialog({
  problem,
  close,
  again,
}: {
  problem: Problem | null;
  close: () => void;
  again: () => void;
}) {
  if (problem === null || !WANTS.includes(problem.code)) return null;
  return (
    <Suspense>
      <FreshFactor close={close} again={again} />
    </Suspense>
  );
}
