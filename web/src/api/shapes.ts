/** The answers' shapes under the names that screens use. */

export interface Person {
  id: string;
  upn: string | null;
  display_name: string | null;
}

export interface Page<T> {
  items: T[];
  next: string | null;
  seq: number;
}

export interface Session {
  person: string;
  csrf: string;
  expires: string;
  second_factor: boolean;
  second_factor_enrolled: boolean;
}

export interface Me {
  person: string;
  upn: string | null;
  display_name: string | null;
  roles: string[];
  administrator: boolean;
  reads_configuration: boolean;
  searches_audit_log: boolean;
  second_factor: boolean | null;
  second_factor_enrolled: boolean;
  to_decide: number;
}

export interface Organization {
  name: string;
  zone: string;
  ledger: string;
  access: { state: string; until?: string };
  set_up: boolean;
  control_plane: string;
  default_approvers: { id: string; name: string } | null;
  settings: {
    unprotected: string;
    second_factor: string;
    max_duration_secs: number;
    pending_for_secs: number;
    open_requests_each: number;
    open_requests: number;
    output_retention_secs: number;
  };
  banners: { code: string; text: string }[];
}

export type TargetType = "Task" | "Role" | "Role Group";

export interface Target {
  type: string;
  name: string;
}

export interface TaskLine {
  name: string;
  workload: string;
  title: string;
  description: string;
  version: number;
  digest: string;
  protected: boolean;
  control_plane: boolean;
  held: boolean;
}

export interface GoverningPolicy {
  id: string;
  version: number;
  title: string;
  built_in: boolean;
  words: string[];
  terms: PolicyTerms;
  may_ask?: boolean;
  everyone_may_ask?: boolean;
}

export interface PolicyTerms {
  target: Target;
  approval:
    | "Auto"
    | { Manual: { stages: { approvers: "DefaultGroup" | { Group: string }; seats: number }[] } };
  limits: { max_duration?: number; max_uses?: number; parallel?: number };
  ticket?: string;
  bind?: string[];
  assurance?: string;
  approve_for_less?: boolean;
}

export interface TaskDetails extends TaskLine {
  parameters: import("../parameters/spec").ParameterSpec[];
  policies: GoverningPolicy[];
  definition: {
    risk: string;
    read_only: boolean;
    arbitrary_code: boolean;
    confidential: boolean;
    limits: { max_run_time: number | null; max_output: number | null };
    execution: { runspace: string; definition: unknown };
  };
}

export interface RoleLine {
  name: string;
  version: number;
  tasks: string[];
  held: boolean;
  may_ask: boolean;
  policy: string | null;
}

export interface RoleGroupLine {
  name: string;
  roles: string[];
  held: boolean;
  may_ask: boolean;
  members: Member[] | null;
}

export interface Member {
  person?: Person;
  group?: { id: string; name: string | null };
}

export interface GroupLine {
  id: string;
  name: string;
  mail: string | null;
  member: boolean;
  people: number;
}

export interface GroupDetails {
  id: string;
  name: string;
  mail: string | null;
  members: Member[];
  people: Person[];
}

export interface PersonLine extends Person {
  mail: string | null;
  kind: string;
  owner: string | null;
  enabled: boolean;
  created: string;
}

export interface PersonDetails extends PersonLine {
  groups: { id: string; name: string }[];
  role_groups: string[];
  linked: Person[];
  password: boolean;
  second_factor: boolean;
  system_account: boolean;
}

export interface PolicyLine {
  id: string;
  version: number;
  target: Target;
  target_exists: boolean;
  approval_type: string;
  words: string[];
  terms: PolicyTerms;
}

export interface PolicyDetails extends PolicyLine {
  versions: {
    version: number;
    created: string;
    by: Person | null;
    under: string | null;
    words: string[] | null;
  }[];
}

export interface Authorization {
  number: string;
  status: string;
  requester: Person;
  target: Target;
  from: string | null;
  until: string | null;
  uses: number | null;
  used: number | null;
  parallel: number | null;
  ended: string | null;
  ended_by: Person | null;
  end_comment: string | null;
}

export interface RequestLine {
  number: string;
  status: string;
  requester: Person;
  target: Target;
  role: string | null;
  reason: string | null;
  ticket: string | null;
  duration_secs: number;
  start: string | null;
  created: string;
  expires: string;
  stage: number;
  stages: number;
  votes: number;
  decided: string | null;
  decided_by: Person | null;
  comment: string | null;
  extends: string | null;
  denied_before: string | null;
  statement: string;
  policy: string;
  policy_version: number;
  authorization: Authorization | null;
}

export interface Presented {
  name: string;
  title: string;
  text: string;
  binding: string;
  any_value: boolean;
  secret: boolean;
}

export interface RequestDetails extends RequestLine {
  statement_text: string | null;
  covers: string[] | null;
  latest_end: string | null;
  uses: number | null;
  parameters: Presented[] | null;
  policy_words: string[] | null;
  stage_groups: { group: string; name: string | null; seats: number; votes: number }[];
  vote_list: {
    approver: Person;
    stage: number;
    assurance: string;
    statement: string;
    comment: string | null;
    created: string;
  }[];
  messages: { person: Person | null; answer: boolean; text: string | null; created: string }[];
  history: { number: string; status: string; created: string; decided: string | null }[];
  can: string[];
}

export interface Decided {
  number: string;
  status: string;
  statement: string;
}

export interface Execution {
  id: string;
  task: string;
  version: number;
  digest: string;
  person: Person;
  basis: { kind: string; number: string | null; role: string | null };
  values: Record<string, unknown> | null;
  status: string;
  outcome: string | null;
  reason: string | null;
  exit: number | null;
  confirmed: boolean | null;
  started: string;
  deadline: string;
  finished: string | null;
  stopping: string | null;
  acknowledged: boolean;
  would_refuse: string | null;
  output: {
    stdout: { bytes: number; sha256: string };
    stderr: { bytes: number; sha256: string };
    truncated: boolean;
  } | null;
}

export interface Started {
  execution: string;
  deadline?: string;
  made?: Record<string, string>;
  link?: string;
}

export interface Explained {
  task: string;
  allowed: boolean;
  basis: unknown;
  deadline: string | null;
  refusal: { code: string; message: string; governs: string | null; hint: string | null } | null;
  protected: boolean;
  policies: GoverningPolicy[];
  ends: { authorizations: number; requests: number };
}

export interface AuditEvent {
  seq: number;
  time: string;
  kind: string;
  actor: string;
  person: Person | null;
  token: string | null;
  request: string | null;
  task: string | null;
  workload: string | null;
  execution: string | null;
  policy: string | null;
  subject: string | null;
  outcome: string | null;
  code: string | null;
}

export interface TokenLine {
  id: string;
  label: string;
  scopes: string[];
  created: string;
  until: string;
  revoked: string | null;
  live: boolean;
}
