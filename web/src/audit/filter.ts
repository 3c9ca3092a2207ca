/** What the audit log is asked for; the names are the API's. */
export interface Filter {
  text?: string;
  task?: string;
  workload?: string;
  kind?: string;
  outcome?: string;
  request?: string;
  from?: string;
  to?: string;
}

const NAMES: (keyof Filter)[] = ["text", "task", "workload", "kind", "outcome", "request", "from", "to"];

/** The filter that an address carries. */
export function fromAddress(query: URLSearchParams): Filter {
  const filter: Filter = {};
  for (const name of NAMES) {
    const value = query.get(name)?.trim();
    if (value) filter[name] = value;
  }
  return filter;
}

/** The same as parameters of the API: local times become instants. */
export function asQuery(filter: Filter): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of NAMES) {
    const value = filter[name]?.trim();
    if (!value) continue;
    if (name !== "from" && name !== "to") query[name] = value;
    else {
      const at = new Date(value);
      if (!Number.isNaN(at.getTime())) query[name] = at.toISOString();
    }
  }
  return query;
}

/** Where everything that matches can be had as a file. */
export function exportPath(filter: Filter, format: "jsonl" | "csv" | "purview"): string {
  return `/api/v1/audit/export?${new URLSearchParams({ ...asQuery(filter), format })}`;
}
