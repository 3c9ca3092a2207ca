/** What the audit log is asked for; the names are the API's, but for a parameter's value, which is found by words. */
export interface Filter {
  text?: string;
  task?: string;
  workload?: string;
  person?: string;
  kind?: string;
  outcome?: string;
  code?: string;
  request?: string;
  policy?: string;
  execution?: string;
  parameter?: string;
  value?: string;
  from?: string;
  to?: string;
}

export const NAMES: (keyof Filter)[] = [
  "text",
  "task",
  "workload",
  "person",
  "kind",
  "outcome",
  "code",
  "request",
  "policy",
  "execution",
  "parameter",
  "value",
  "from",
  "to",
];

/** The filter that an address carries. */
export function fromAddress(query: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of NAMES) {
    const value = query.get(name)?.trim();
    if (value) filter[name] = value;
  }
  return filter;
}

/** A filter without what is empty, to be put into an address. */
export function toAddress(filter: Filter): URLSearchParams {
  const kept = NAMES.flatMap((name) => {
    const value = filter[name]?.trim();
    return value ? [[name, value] as [string, string]] : [];
  });
  return new URLSearchParams(kept);
}

/** The same as parameters of the API: local times become instants, a parameter's value becomes words. */
export function asQuery(filter: Filter): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of NAMES) {
    const value = filter[name]?.trim();
    if (!value || name === "parameter" || name === "value") continue;
    if (name !== "from" && name !== "to") query[name] = value;
    else {
      const at = new Date(value);
      if (!Number.isNaN(at.getTime())) query[name] = at.toISOString();
    }
  }
  const words = valueWords(filter.parameter?.trim() ?? "", filter.value?.trim() ?? "");
  if (words) query.text = query.text ? `${query.text} ${words}` : words;
  return query;
}

/** `parameter=value` as the search takes it: in quotes where it has spaces, which a quote inside it would end. */
function valueWords(parameter: string, value: string): string {
  const plain = value.replaceAll('"', " ").trim();
  if (!plain) return "";
  if (!parameter) return /\s/.test(plain) ? `"${plain}"` : plain;
  return /\s/.test(plain) ? `"${parameter}=${plain}"` : `${parameter}=${plain}`;
}

/** Where everything that matches can be had as a file. */
export function exportPath(filter: Filter, format: "jsonl" | "csv" | "purview"): string {
  return `/api/v1/audit/export?${new URLSearchParams({ ...asQuery(filter), format })}`;
}

/** An instant as a field for local times has it. */
export function local(instant: Date): string {
  const two = (part: number) => String(part).padStart(2, "0");
  const date = `${instant.getFullYear()}-${two(instant.getMonth() + 1)}-${two(instant.getDate())}`;
  return `${date}T${two(instant.getHours())}:${two(instant.getMinutes())}:${two(instant.getSeconds())}`;
}
