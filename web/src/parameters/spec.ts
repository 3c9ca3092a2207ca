import type { ParameterCondition, ParameterKind, ParameterSpec } from "../api/shapes";

export type { ParameterSpec } from "../api/shapes";
export type Kind = ParameterKind;

/** What a person typed: a text per parameter, per key of a table under `Name/key`. An empty text is nothing given. */
export type Draft = Record<string, string>;

/** Which parameters may be given together with what stands in the draft, and which of them must be. */
export function open(specs: ParameterSpec[], draft: Draft, set: string | null): ParameterSpec[] {
  return specs.filter((spec) => {
    if (set && spec.sets.length > 0 && !spec.sets.includes(set)) return false;
    const allowing = spec.conditions.filter((condition) => condition.effect === "allowed");
    return allowing.length === 0 || allowing.some((condition) => holds(condition, specs, draft));
  });
}

export function isRequired(spec: ParameterSpec, specs: ParameterSpec[], draft: Draft): boolean {
  if (spec.required && (spec.default === null || spec.default === undefined)) return true;
  return spec.conditions.some(
    (condition) => condition.effect === "required" && holds(condition, specs, draft),
  );
}

function holds(condition: ParameterCondition, specs: ParameterSpec[], draft: Draft): boolean {
  const other = specs.find((spec) => spec.name === condition.when);
  const text = draft[condition.when] ?? "";
  if (other?.kind.type === "switch" && text === "") return condition.equals === false;
  return text.toLowerCase() === String(condition.equals).toLowerCase();
}

/** The names of the parameter sets, in order of appearance. */
export function sets(specs: ParameterSpec[]): string[] {
  return [...new Set(specs.flatMap((spec) => spec.sets))];
}
