import type { ConstraintForm } from "../api/shapes";
import { type Fault, read, typed } from "./read";
import type { Draft, ParameterSpec } from "./spec";

/** Marks in a draft that approvers are asked to allow any value. */
export const ANY = "any";

/** Whether a request must limit a parameter. */
export function isBound(spec: ParameterSpec, byPolicy: string[]): boolean {
  return (
    spec.binding === "always" ||
    (spec.binding === "policy" && byPolicy.some((name) => name.toLowerCase() === spec.name.toLowerCase()))
  );
}

export type Freedom = Record<string, boolean>;

/** What a request asks for: exact values, ANY VALUE where that is wished and possible, and nothing else. */
export function constraintsOf(
  specs: ParameterSpec[],
  draft: Draft,
  any: Freedom,
  required: (spec: ParameterSpec) => boolean,
): { constraints: Record<string, ConstraintForm>; faults: Record<string, Fault> } {
  const constraints: Record<string, ConstraintForm> = {};
  const faults: Record<string, Fault> = {};
  for (const spec of specs) {
    // A secret is given when the task runs and never stands in a request.
    if (spec.kind.type === "secret") continue;
    if (any[spec.name]) {
      constraints[spec.name] = ANY;
      continue;
    }
    const found = read(spec, draft, required(spec));
    if ("fault" in found) faults[spec.name] = found.fault;
    else if ("value" in found) constraints[spec.name] = { equals: found.value };
    else if (spec.binding !== "always") constraints[spec.name] = "absent";
  }
  return { constraints, faults };
}

/** What a statement's text binds exactly, as it would have been typed: what a run then starts from. */
export function boundIn(statement: string | null): { draft: Draft; bound: Set<string> } {
  const draft: Draft = {};
  const bound = new Set<string>();
  if (!statement) return { draft, bound };
  let parsed: { constraints?: Record<string, unknown> };
  try {
    parsed = JSON.parse(statement);
  } catch {
    return { draft, bound };
  }
  for (const [name, limit] of Object.entries(parsed.constraints ?? {})) {
    if (typeof limit !== "object" || limit === null || !("equals" in limit)) continue;
    bound.add(name);
    Object.assign(draft, typed(name, bare(limit.equals)));
  }
  return { draft, bound };
}

/** A statement's values carry their kind: `{"string": "/var"}`. */
function bare(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  const [entry] = Object.entries(value);
  if (!entry) return undefined;
  const [kind, inner] = entry;
  if (kind === "list" && Array.isArray(inner)) return inner.map(bare);
  if (kind === "table" && typeof inner === "object" && inner !== null) {
    return Object.fromEntries(
      Object.entries(inner).map(([key, items]) => [key, (items as unknown[]).map(bare)]),
    );
  }
  if (kind === "identity" && typeof inner === "object" && inner !== null && "id" in inner) return inner.id;
  return inner;
}
