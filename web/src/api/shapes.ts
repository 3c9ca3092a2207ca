import type { components } from "./schema.gen";

/** The API's shapes, under the names that screens use. They are made from its description and from nothing else. */
type Schemas = components["schemas"];

export type Person = Schemas["Person"];
export type Session = Schemas["Session"];
export type Organization = Schemas["Organization"];
export type TargetType = Schemas["TargetType"];
export type TaskLine = Schemas["Task"];
export type TaskDetails = Schemas["TaskDetails"];
export type AskedPolicy = Schemas["AskedPolicy"];
export type RoleLine = Schemas["Role"];
export type RoleGroupLine = Schemas["RoleGroup"];
export type Member = Schemas["Member"];
export type GroupLine = Schemas["Group"];
export type PersonLine = Schemas["Account"];
export type PolicyLine = Schemas["Policy"];
export type RequestLine = Schemas["Request"];
export type RequestDetails = Schemas["RequestDetails"];
export type NewRequest = Schemas["NewRequest"];
export type Less = Schemas["Less"];
export type ConstraintForm = Schemas["ConstraintForm"];
export type Execution = Schemas["Execution"];
export type NewExecution = Schemas["NewExecution"];
export type Ran = Schemas["Ran"];
export type Started = Schemas["Started"];
export type AuditEvent = Schemas["AuditEvent"];
export type ParameterSpec = Schemas["ParameterSpec"];
export type ParameterKind = Schemas["ParameterKind"];
export type ParameterCondition = Schemas["ParameterCondition"];
export type TokenScope = Schemas["Scope"];
