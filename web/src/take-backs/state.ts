import type { TakeBack } from "../api/shapes";

/** How something stands that ends with its access. */
export type State = "later" | "now" | "waits" | "retrying";

/** A failed try outweighs all else: it is what somebody may have to act on. */
export function stateOf(of: Pick<TakeBack, "overdue" | "tries" | "next">): State {
  if (of.tries > 0) return "retrying";
  // The server names the next try of what it owes now, also where a run failed while its access lives on.
  if (of.next !== null) return "waits";
  return of.overdue ? "now" : "later";
}
