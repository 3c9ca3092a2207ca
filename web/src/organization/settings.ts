import type { Organization } from "../api/shapes";

/** What can be set, as it is being typed. */
export interface SettingsDraft {
  group: string;
  unprotected: string;
  factor: string;
  longest: string;
  pending: string;
  each: string;
  retention: string;
}

const HOUR = 3_600;

export function draftOf(of: Organization): SettingsDraft {
  const { settings } = of;
  return {
    group: of.default_approvers?.name ?? "",
    unprotected:
      settings.unprotected === "default_approvers_decide" ? "DefaultApproversDecide" : "RoleHoldersRun",
    factor: settings.second_factor === "required" ? "Required" : "NotRequired",
    longest: String(Math.round(settings.max_duration_secs / HOUR)),
    pending: String(Math.round(settings.pending_for_secs / HOUR)),
    each: String(settings.open_requests_each),
    retention: String(Math.round(settings.output_retention_secs / HOUR / 24)),
  };
}

const NAMES: Record<keyof SettingsDraft, string> = {
  group: "AdminGroup",
  unprotected: "UnprotectedTasks",
  factor: "SecondFactor",
  longest: "MaximumDurationHours",
  pending: "PendingHours",
  each: "OpenRequestsEach",
  retention: "OutputRetentionDays",
};
/** What is a number, and its bounds. */
export const NUMBERS = {
  longest: [1, 168],
  pending: [1, 168],
  each: [1, 1_000],
  retention: [1, 3_650],
} as const;

/** The values of what was changed, and only of that; null while something is out of bounds or nothing differs. */
export function changedValues(before: SettingsDraft, draft: SettingsDraft): Record<string, unknown> | null {
  const values: Record<string, unknown> = {};
  for (const name of Object.keys(NAMES) as (keyof SettingsDraft)[]) {
    if (draft[name] === before[name]) continue;
    if (!(name in NUMBERS)) {
      values[NAMES[name]] = draft[name];
      continue;
    }
    const [min, max] = NUMBERS[name as keyof typeof NUMBERS];
    const value = Number(draft[name]);
    if (!/^\d+$/.test(draft[name].trim()) || value < min || value > max) return null;
    values[NAMES[name]] = value;
  }
  return Object.keys(values).length === 0 ? null : values;
}
