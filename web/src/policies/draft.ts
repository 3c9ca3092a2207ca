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
  hours: string;
  uses: string;
  parallel: string;
  bind: string[];
  ticket: string;
  assurance: "Session" | "SecondFactor";
  freshness: string;
  windows: WindowDraft[];
}

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
  bind: [],
  ticket: "",
  assurance: "SecondFactor",
  freshness: "",
  windows: [],
};

export const DAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

/** What is wrong with a draft, by field. */
export type Faults = Partial<Record<keyof PolicyDraft, "required" | "integer" | "range">>;

const BOUNDS: Partial<Record<keyof PolicyDraft, [number, number]>> = {
  hours: [1, 720],
  uses: [1, 1_000_000],
  parallel: [1, 100],
  freshness: [1, 1_440],
};

function number(text: string, [min, max]: [number, number]): "integer" | "range" | undefined {
  if (!/^\d+$/.test(text.trim())) return "integer";
  const value = Number(text.trim());
  return value < min || value > max ? "range" : undefined;
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
  if (draft.windows.some((window) => window.days.length === 0 || !window.from || !window.until))
    faults.windows = "required";
  return faults;
}

/** The values of the task that makes it (or, with an identity, changes it). `defaultGroup` is that group's name or id. */
export function valuesOf(
  draft: PolicyDraft,
  identity: string | null,
  defaultGroup: string | null,
): Record<string, unknown> {
  const values: Record<string, unknown> = identity === null ? targetOf(draft) : { Identity: identity };
  values.ApprovalType = draft.approval;
  if (draft.approval === "Manual") {
    const [first, ...more] = draft.stages;
    if (first && more.length === 0) {
      if (first.group) values.ApproverGroup = first.group;
      values.Approvers = Number(first.seats);
    } else {
      values.Stages = draft.stages.map(
        (stage) => `${stage.group || (defaultGroup ?? "")}:${Number(stage.seats)}`,
      );
    }
    values.MinimumAssurance = draft.assurance;
    if (draft.freshness.trim()) values.FreshnessMinutes = Number(draft.freshness);
  }
  if (draft.requesters === "group") values.RequesterGroup = draft.requesterGroup;
  if (draft.requesters === "everyone") values.Everyone = true;
  if (draft.hours.trim()) values.MaximumDurationHours = Number(draft.hours);
  if (draft.uses.trim()) values.MaximumUses = Number(draft.uses);
  if (draft.parallel.trim() && draft.parallel.trim() !== "1") values.Parallel = Number(draft.parallel);
  if (draft.bind.length > 0) values.BindParameters = draft.bind;
  if (draft.ticket.trim()) values.TicketPattern = draft.ticket.trim();
  if (draft.windows.length > 0) values.Windows = JSON.stringify(draft.windows);
  return values;
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

const HOUR = 3_600_000_000;
const MINUTE = 60_000_000;

/** The draft that existing terms are. `nameOf` gives a group's name. */
export function fromTerms(terms: PolicyTerms, nameOf: (id: string) => string): PolicyDraft {
  const manual = typeof terms.approval === "object" ? terms.approval.Manual.stages : null;
  const group = typeof terms.requesters === "object" ? nameOf(terms.requesters.Group) : "";
  return {
    ...EMPTY,
    type: terms.target.type as TargetType,
    targets: [terms.target.name],
    approval: manual ? "Manual" : "Auto",
    stages: manual
      ? manual.map((stage) => ({
          group: typeof stage.approvers === "object" ? nameOf(stage.approvers.Group) : "",
          seats: String(stage.seats),
        }))
      : EMPTY.stages,
    requesters: group ? "group" : terms.requesters === "Everyone" ? "everyone" : "role",
    requesterGroup: group,
    hours: terms.limits.max_duration ? String(Math.ceil(terms.limits.max_duration / HOUR)) : "",
    uses: terms.limits.max_uses ? String(terms.limits.max_uses) : "",
    parallel: String(terms.limits.parallel),
    bind: terms.bind ?? [],
    ticket: terms.ticket ?? "",
    assurance: terms.assurance === "Session" ? "Session" : "SecondFactor",
    freshness: terms.freshness ? String(Math.ceil(terms.freshness / MINUTE)) : "",
    windows: (terms.windows ?? []).map((window) => ({ ...window, days: [...window.days] })),
  };
}
