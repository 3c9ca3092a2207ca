import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { ConstraintForm } from "../api/shapes";

/** One of Countersign's own tasks with its values: an administrative act. */
export interface Act {
  task: string;
  values: Record<string, unknown>;
}

/** What the gate says to an act now, and what it would end. Nothing is done by asking. */
export function useExplained(act: Act | null) {
  return useQuery({
    queryKey: ["explain", act],
    enabled: act !== null,
    staleTime: 5_000,
    placeholderData: (before) => before,
    queryFn: async () =>
      await got(api.POST("/api/v1/explain", { body: { task: act?.task ?? "", values: act?.values ?? {} } })),
  });
}

/** The refusals that an approved request does away with. */
const ASK = [
  "authorization_required",
  "authorization_ended",
  "parameter_not_approved",
  "uses_exhausted",
  "definition_changed",
];

/** Whether a refusal means that the act can be asked for. */
export function canBeAsked(code: string | undefined): boolean {
  return code !== undefined && ASK.includes(code);
}

/** An act's values as what a request binds them to. */
export function bound(values: Record<string, unknown>): Record<string, ConstraintForm> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, { equals: value } as ConstraintForm]),
  );
}
