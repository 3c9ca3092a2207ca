import type { GroupLine, PersonLine, PolicyLine } from "../api/shapes";

export interface Known {
  secondFactor: boolean;
  people: PersonLine[];
  groups: GroupLine[];
  policies: PolicyLine[];
}

export type Step = "secondFactor" | "people" | "group" | "policy" | "enable";

/** What an empty organization still lacks, in order. Enabling comes last and ends set-up. */
export function done(known: Known): Record<Step, boolean> {
  return {
    secondFactor: known.secondFactor,
    people: known.people.filter((person) => person.enabled).length >= 2,
    // Two distinct people, so that nobody approves their own request.
    group: known.groups.some((group) => group.people >= 2),
    policy: known.policies.length > 0,
    enable: false,
  };
}

export const STEPS: Step[] = ["secondFactor", "people", "group", "policy", "enable"];

/** The step that is next. */
export function next(state: Record<Step, boolean>): Step {
  return STEPS.find((step) => !state[step]) ?? "enable";
}
