import { fileIn } from "./files";
import type { Draft, Kind, ParameterSpec } from "./spec";

/** What a text is as a value, or why it is none. The server checks everything again. */
export type Read = { value: unknown } | { fault: Fault } | { absent: true };
export type Fault =
  | "required"
  | "integer"
  | "number"
  | "range"
  | "length"
  | "pattern"
  | "items"
  | "instant"
  | "address";

const ABSENT: Read = { absent: true };

/** Reads one parameter of a draft. */
export function read(spec: ParameterSpec, draft: Draft, required: boolean): Read {
  const found =
    spec.kind.type === "table" ? table(spec, spec.kind, draft) : readText(spec.kind, draft[spec.name] ?? "");
  if ("absent" in found && required && spec.kind.type !== "switch") return { fault: "required" };
  return found;
}

function table(spec: ParameterSpec, kind: Extract<Kind, { type: "table" }>, draft: Draft): Read {
  const value: Record<string, unknown> = {};
  for (const key of kind.keys) {
    const items = readText(
      { type: "list", of: kind.of, min_items: 0, max_items: kind.max_items },
      draft[`${spec.name}/${key}`] ?? "",
    );
    if ("fault" in items) return items;
    if ("value" in items) value[key] = items.value;
  }
  return Object.keys(value).length === 0 ? ABSENT : { value };
}

function readText(kind: Kind, text: string): Read {
  const multiline = (kind.type === "string" || kind.type === "secret") && kind.multiline;
  const trimmed = multiline || kind.type === "secret" ? text : text.trim();
  if (trimmed === "") return ABSENT;
  switch (kind.type) {
    case "string":
      return string(kind, trimmed.replaceAll("\r\n", "\n"));
    case "integer":
      return integer(kind, trimmed);
    case "decimal":
      return /^[+-]?\d+(\.\d+)?$/.test(trimmed) ? { value: trimmed } : { fault: "number" };
    case "boolean":
    case "switch":
      return { value: trimmed === "true" };
    case "list": {
      const items: unknown[] = [];
      for (const line of trimmed.split("\n").filter((line) => line.trim() !== "")) {
        const item = readText(kind.of, line);
        if ("fault" in item) return item;
        if ("value" in item) items.push(item.value);
      }
      if (items.length < kind.min_items || items.length > kind.max_items) return { fault: "items" };
      return { value: items };
    }
    case "instant": {
      const at = new Date(trimmed);
      return Number.isNaN(at.getTime())
        ? { fault: "instant" }
        : { value: at.toISOString().replace(/\.000Z$/, "Z") };
    }
    case "file": {
      const file = fileIn(trimmed);
      if (!file) return { fault: "required" };
      const { sha256, size, media_type } = file;
      return { value: { sha256, size, media_type } };
    }
    case "address":
      return /^[^\s@]+@[^\s@]+$/.test(trimmed) ? { value: trimmed } : { fault: "address" };
    default:
      return { value: trimmed };
  }
}

function string(kind: Extract<Kind, { type: "string" }>, text: string): Read {
  const length = [...text].length;
  if (length < kind.min_length || length > kind.max_length) return { fault: "length" };
  if (kind.pattern) {
    try {
      if (!new RegExp(`^(?:${kind.pattern})$`, "u").test(text)) return { fault: "pattern" };
    } catch {
      // A pattern that only the server's dialect knows is left to the server.
    }
  }
  return { value: text };
}

function integer(kind: Extract<Kind, { type: "integer" }>, text: string): Read {
  if (!/^[+-]?\d+$/.test(text)) return { fault: "integer" };
  const value = Number(text);
  if (!Number.isSafeInteger(value)) return { fault: "range" };
  if ((kind.min !== null && value < kind.min) || (kind.max !== null && value > kind.max))
    return { fault: "range" };
  return { value };
}

/** A bare JSON value as it would have been typed. */
export function typed(name: string, value: unknown): Draft {
  if (value === null || value === undefined) return {};
  if (Array.isArray(value)) return { [name]: value.map(String).join("\n") };
  const text = typeof value === "object" ? JSON.stringify(value) : "";
  if (fileIn(text)) return { [name]: text };
  if (typeof value === "object") {
    const entries = Object.entries(value as Record<string, unknown>);
    return Object.fromEntries(
      entries.map(([key, items]) => [
        `${name}/${key}`,
        Array.isArray(items) ? items.map(String).join("\n") : String(items),
      ]),
    );
  }
  return { [name]: String(value) };
}

/** All values of a draft, and the parameters that are wrong. */
export function readAll(specs: ParameterSpec[], draft: Draft, required: (spec: ParameterSpec) => boolean) {
  const values: Record<string, unknown> = {};
  const faults: Record<string, Fault> = {};
  for (const spec of specs) {
    const found = read(spec, draft, required(spec));
    if ("fault" in found) faults[spec.name] = found.fault;
    else if ("value" in found) values[spec.name] = found.value;
  }
  return { values, faults };
}
