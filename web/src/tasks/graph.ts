import type { WhoCould } from "../api/shapes";

export interface Node {
  id: string;
  label: string;
  /** What kind of thing, in words' keys. */
  kind: "person" | "roleGroup" | "role" | "policy" | "group" | "approver" | "task";
  x: number;
  y: number;
}

export interface Edge {
  from: string;
  to: string;
}

export interface Graph {
  nodes: Node[];
  edges: Edge[];
  columns: number;
  rows: number;
  /** How many people were left out. */
  left: number;
}

/** So many people are drawn; the table has all. */
const MOST = 12;
/** Columns from left to right. */
const COLUMN = { person: 0, roleGroup: 1, policy: 1, role: 2, group: 2, approver: 3, task: 4 } as const;

/**
 * Who could run a task, as a graph in columns: people, through role groups and roles or through policies and the groups
 * that decide with their people, to the task.
 */
export function graphOf(could: WhoCould): Graph {
  const nodes = new Map<string, Omit<Node, "x" | "y">>();
  const edges = new Map<string, Edge>();
  const node = (one: Omit<Node, "x" | "y">) => {
    if (!nodes.has(one.id)) nodes.set(one.id, one);
    return one.id;
  };
  const edge = (from: string, to: string) => edges.set(`${from} ${to}`, { from, to });
  const task = node({ id: "task", label: could.task, kind: "task" });
  const name = (person: { id: string; upn: string | null; display_name: string | null }) =>
    person.upn ?? person.display_name ?? person.id;
  for (const { person, ways } of could.people.slice(0, MOST)) {
    const who = node({ id: person.id, label: name(person), kind: "person" });
    for (const way of ways) {
      if (way.role) {
        const role = node({
          id: `role ${way.role}`,
          label: way.role,
          kind: "role",
        });
        edge(role, task);
        for (const group of way.role_groups) {
          const held = node({
            id: `role-group ${group}`,
            label: group,
            kind: "roleGroup",
          });
          edge(who, held);
          edge(held, role);
        }
        if (way.role_groups.length === 0) edge(who, role);
      } else if (way.policy) {
        const policy = node({
          id: way.policy,
          label: way.target?.name ?? could.policies.find((one) => one.id === way.policy)?.title ?? way.policy,
          kind: "policy",
        });
        edge(who, policy);
        const deciding = could.groups.filter((group) => group.policies.includes(way.policy ?? ""));
        if (deciding.length === 0) edge(policy, task);
        for (const group of deciding) {
          const decides = node({ id: group.id, label: group.name, kind: "group" });
          edge(policy, decides);
          for (const approver of group.people.slice(0, MOST)) {
            const by = node({
              id: `by ${approver.id}`,
              label: name(approver),
              kind: "approver",
            });
            edge(decides, by);
            edge(by, task);
          }
          if (group.people.length === 0) edge(decides, task);
        }
      } else edge(who, task);
    }
  }
  const filled = [0, 0, 0, 0, 0];
  const placed: Node[] = [...nodes.values()].map((one) => {
    const x = COLUMN[one.kind];
    const y = filled[x] ?? 0;
    filled[x] = y + 1;
    return { ...one, x, y };
  });
  const rows = Math.max(...filled);
  // Each column stands in the middle of the tallest; columns that nobody needs close up.
  const used = filled.flatMap((height, column) => (height > 0 ? [column] : []));
  return {
    nodes: placed.map((one) => ({
      ...one,
      x: used.indexOf(one.x),
      y: one.y + (rows - (filled[one.x] ?? 0)) / 2,
    })),
    edges: [...edges.values()],
    columns: used.length,
    rows,
    left: Math.max(0, could.people.length - MOST),
  };
}
