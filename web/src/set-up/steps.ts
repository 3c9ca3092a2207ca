import type { GroupLine, PersonLine, PolicyLine, TaskLine } from "../api/shapes";

export interface Known {
  secondFactor: boolean;
  people: PersonLine[];
  groups: GroupLine[];
  tasks: TaskLine[];
  policies: PolicyLine[];
}

export type Step = "secondFactor" | "people" | "group" | "tasks" | "policy" | "enable";

/** What an empty organization still lacks, in order. Enabling comes last and ends set-up. */
export function done(known: Known): Record<Step, boolean> {
  return {
    secondFactor: known.secondFactor,
    people: known.people.filter((person) => person.enabled).length >= 2,
    // Two distinct people, so that nobody approves their own request.
    group: known.groups.some((group) => group.people >= 2),
    // Countersign brings tasks of its own; what runs on targets comes in task packs.
    tasks: known.tasks.some((task) => task.workload !== "Countersign"),
    policy: known.policies.length > 0,
    enable: false,
  };
}

export const STEPS: Step[] = ["secondFactor", "people", "group", "tasks", "policy", "enable"];

/** The step that is next. */
export function next(state: Record<Step, boolean>): Step {
  return STEPS.find((step) => !state[step]) ?? "enable";
}
