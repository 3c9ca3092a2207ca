import type { PolicyTerms, TargetType } from "../api/shapes";

/** A stage as it is being written; an empty group is the default approver group. */
export interface StageDraft {
  group: string;
  seats: string;
}

/** A weekly window as it is being written. */
export interface WindowDraft {
  days: string[];
  from: string;
  until: string;
  zone: string;
}

/** A policy as it is being written. Groups are names, numbers are what was typed. */
export interface PolicyDraft {
  type: TargetType;
  /** One role or role group, or any number of tasks. */
  targets: string[];
  approval: "Manual" | "Auto";
  stages: StageDraft[];
  requesters: "role" | "group" | "everyone";
  requesterGroup: string;
  /** Hours, or an exact length such as `90m`. */
  hours: string;
  uses: string;
  parallel: string;
  /** At most so many requests of one person … */
  rate: string;
  /** … within so many hours, or an exact length. */
  ratePer: string;
  bind: string[];
  ticket: string;
  assurance: Assurance;
  /** Minutes, or an exact length such as `90s`. */
  freshness: string;
  windows: WindowDraft[];
  less: boolean;
}

export type Assurance = PolicyTerms["assurance"];

export const EMPTY: PolicyDraft = {
  type: "Task",
  targets: [],
  approval: "Manual",
  stages: [{ group: "", seats: "1" }],
  requesters: "role",
  requesterGroup: "",
  hours: "8",
  uses: "",
  parallel: "1",
  rate: "",
  ratePer: "",
  bind: [],
  ticket: "",
  assurance: "SecondFactor",
  freshness: "",
  windows: [],
  less: true,
};

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** What is wrong with a draft, by field. */
export type Faults = Partial<Record<keyof PolicyDraft, "required" | "integer" | "range">>;

const BOUNDS: Partial<Record<keyof PolicyDraft, [number, number]>> = {
  uses: [1, 1_000_000],
  parallel: [1, 100],
  rate: [1, 1_000_000],
};

/** Lengths of time in a unit of seconds, and the least and most seconds. */
const LENGTHS: Partial<Record<keyof PolicyDraft, [unit: number, least: number, most: number]>> = {
  hours: [3_600, 1, 720 * 3_600],
  ratePer: [3_600, 1, 366 * 86_400],
  freshness: [60, 1, 86_400],
};

function number(text: string, [min, max]: [number, number]): "integer" | "range" | undefined {
  if (!/^\d+$/.test(text.trim())) return "integer";
  const value = Number(text.trim());
  return value < min || value > max ? "range" : undefined;
}

const UNITS: Record<string, number> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** The seconds of a number of units, or of an exact length such as `90m`; null where it is neither. */
export function secondsOf(text: string, unit: number): number | null {
  const [, digits, letter] = /^(\d+)([dhms]?)$/.exec(text.trim()) ?? [];
  if (digits === undefined) return null;
  return Number(digits) * (letter ? (UNITS[letter] ?? 0) : unit);
}

/** A length as it is typed: a number of units where it is one, and else exactly. */
function lengthOf(micros: number | null | undefined, unit: number): string {
  if (micros === null || micros === undefined) return "";
  const seconds = micros / SECOND;
  if (seconds % unit === 0) return String(seconds / unit);
  return seconds % 60 === 0 ? `${seconds / 60}m` : `${seconds}s`;
}

/** Looks a draft over. The server looks again, and at more. */
export function faultsOf(draft: PolicyDraft): Faults {
  const faults: Faults = {};
  if (draft.targets.length === 0) faults.targets = "required";
  if (draft.requesters === "group" && draft.requesterGroup === "") faults.requesterGroup = "required";
  if (draft.approval === "Manual") {
    for (const stage of draft.stages) {
      const fault = number(stage.seats, [1, 16]);
      if (fault) faults.stages = fault;
    }
  }
  for (const [name, bounds] of Object.entries(BOUNDS) as [keyof PolicyDraft, [number, number]][]) {
    const text = draft[name] as string;
    const fault = text.trim() === "" ? undefined : number(text, bounds);
    if (fault) faults[name] = fault;
  }
  for (const [name, [unit, least, most]] of Object.entries(LENGTHS) as [
    keyof PolicyDraft,
    [number, number, number],
  ][]) {
    const text = draft[name] as string;
    if (text.trim() === "") continue;
    const seconds = secondsOf(text, unit);
    if (seconds === null) faults[name] = "integer";
    else if (seconds < least || seconds > most) faults[name] = "range";
  }
  if (draft.rate.trim() !== "" && draft.ratePer.trim() === "") faults.ratePer = "required";
  if (draft.ratePer.trim() !== "" && draft.rate.trim() === "") faults.rate = "required";
  if (draft.windows.some((window) => window.days.length === 0 || !window.from || !window.until))
    faults.windows = "required";
  return faults;
}

/** What the task calls the default approver group among stages. */
const DEFAULT_GROUP = "(default)";

/** The values of the task that makes it (or, with an identity, changes it): of everything that a policy can say. */
export function valuesOf(draft: PolicyDraft, identity: string | null): Record<string, unknown> {
  const values: Record<string, unknown> = identity === null ? targetOf(draft) : { Identity: identity };
  values.ApprovalType = draft.approval;
  if (draft.approval === "Manual") {
    const [first, ...more] = draft.stages;
    if (first && more.length === 0) {
      if (first.group) values.ApproverGroup = first.group;
      values.Approvers = Number(first.seats);
    } else {
      values.Stages = draft.stages.map((stage) => `${stage.group || DEFAULT_GROUP}:${Number(stage.seats)}`);
    }
  }
  if (draft.assurance !== "Session") values.MinimumAssurance = draft.assurance;
  if (draft.freshness.trim()) values.Freshness = exact(draft.freshness, MINUTE);
  if (draft.requesters === "group") values.RequesterGroup = draft.requesterGroup;
  if (draft.requesters === "everyone") values.Everyone = true;
  if (draft.hours.trim()) values.MaximumDuration = exact(draft.hours, HOUR);
  if (draft.uses.trim()) values.MaximumUses = Number(draft.uses);
  if (draft.parallel.trim() && draft.parallel.trim() !== "1") values.Parallel = Number(draft.parallel);
  if (draft.rate.trim()) values.Rate = `${Number(draft.rate)}/${exact(draft.ratePer, HOUR)}`;
  if (draft.bind.length > 0) values.BindParameters = draft.bind;
  if (draft.ticket.trim()) values.TicketPattern = draft.ticket;
  if (draft.windows.length > 0) values.Windows = JSON.stringify(draft.windows);
  if (!draft.less) values.ApproveForLess = false;
  return values;
}

/** A length in seconds, as the task reads it. */
function exact(text: string, unit: number): string {
  return `${secondsOf(text, unit) ?? text.trim()}s`;
}

function targetOf(draft: PolicyDraft): Record<string, unknown> {
  const [first = ""] = draft.targets;
  switch (draft.type) {
    case "Task":
      return draft.targets.length > 1 ? { Tasks: draft.targets } : { Task: first };
    case "Role":
      return { Role: first };
    case "Role Group":
      return { RoleGroup: first };
  }
}

const HOUR = 3_600;
const MINUTE = 60;
/** The API tells lengths of time in microseconds. */
const SECOND = 1_000_000;

const TYPES: Record<PolicyTerms["target"]["type"], TargetType> = {
  Task: "Task",
  Role: "Role",
  RoleGroup: "Role Group",
};

/**
 * The draft that existing terms are. `nameOf` gives a group's name. Every field of the terms is named: one that the
 * wizard does not know would be lost by saving, and does not compile.
 */
export function fromTerms(terms: PolicyTerms, nameOf: (id: string) => string): PolicyDraft {
  const {
    target,
    approval,
    requesters,
    limits,
    bind,
    ticket,
    assurance,
    freshness,
    windows,
    approve_for_less,
    ...unknown
  } = terms;
  const { max_duration, max_uses, parallel, rate, ...unlimited } = limits;
  const none: Record<string, never>[] = [unknown, unlimited];
  if (none.some((rest) => Object.keys(rest).length > 0))
    throw new Error("the policy says something that these pages do not know");
  const manual = typeof approval === "object" ? approval.Manual.stages : null;
  const group = typeof requesters === "object" ? nameOf(requesters.Group) : "";
  return {
    type: TYPES[target.type],
    targets: [target.name],
    approval: manual ? "Manual" : "Auto",
    stages: manual
      ? manual.map((stage) => ({
          group: typeof stage.approvers === "object" ? nameOf(stage.approvers.Group) : "",
          seats: String(stage.seats),
        }))
      : EMPTY.stages,
    requesters: group ? "group" : requesters === "Everyone" ? "everyone" : "role",
    requesterGroup: group,
    hours: lengthOf(max_duration, HOUR),
    uses: max_uses ? String(max_uses) : "",
    parallel: String(parallel),
    rate: rate ? String(rate.count) : "",
    ratePer: lengthOf(rate?.per, HOUR),
    bind: bind ?? [],
    ticket: ticket ?? "",
    assurance,
    freshness: lengthOf(freshness, MINUTE),
    windows: (windows ?? []).map((window) => ({ ...window, days: [...window.days] })),
    less: approve_for_less,
  };
}
