import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { AskedPolicy, TargetType } from "../api/shapes";

/** Something that can be asked for. */
export interface Choice {
  type: TargetType;
  name: string;
  workload: string;
  title: string;
  description: string;
  /** Whether a request makes sense: it is protected, or the person may ask for it. */
  asked: boolean;
  /** Whether a policy lets this person ask for it. */
  mayAsk: boolean;
}

export function useTasks() {
  return useQuery({
    queryKey: ["tasks"],
    queryFn: async () => await got(api.GET("/api/v1/tasks", { params: { query: {} } })),
  });
}

export function useTask(name: string | null) {
  const [workload = "", task = ""] = (name ?? "").split("\\", 2);
  return useQuery({
    queryKey: ["tasks", name],
    enabled: name !== null && task !== "",
    queryFn: async () => {
      const path = { workload, name: task };
      return await got(api.GET("/api/v1/tasks/{workload}/{name}", { params: { path } }));
    },
  });
}

export function useRoles() {
  return useQuery({
    queryKey: ["roles"],
    queryFn: async () => await got(api.GET("/api/v1/roles")),
  });
}

export function useRoleGroups() {
  return useQuery({
    queryKey: ["role-groups"],
    queryFn: async () => await got(api.GET("/api/v1/role-groups")),
  });
}

/** Whether every word of a search is in what a target is called or in what it does. */
export function fits(choice: Pick<Choice, "name" | "title" | "description">, search: string): boolean {
  const all = `${choice.name} ${choice.title} ${choice.description}`.toLowerCase();
  return search
    .toLowerCase()
    .trim()
    .split(/\s+/)
    .every((word) => all.includes(word));
}

const workloadOf = (name: string) => name.split("\\", 1)[0] ?? "";

/** Everything that the person could ask for, by type. */
export function useChoices(): Choice[] {
  const tasks = useTasks();
  const roles = useRoles();
  const groups = useRoleGroups();
  return [
    ...(tasks.data?.items ?? []).map((task) => ({
      type: "Task" as const,
      name: task.name,
      workload: task.workload,
      title: task.title,
      description: task.description,
      asked: task.protected,
      mayAsk: task.protected && task.may_ask,
    })),
    ...(roles.data?.items ?? []).map((role) => ({
      type: "Role" as const,
      name: role.name,
      workload: workloadOf(role.name),
      title: "",
      description: "",
      asked: role.may_ask,
      mayAsk: role.may_ask,
    })),
    ...(groups.data?.items ?? []).map((group) => ({
      type: "Role Group" as const,
      name: group.name,
      workload: workloadOf(group.name),
      title: "",
      description: "",
      asked: group.may_ask,
      mayAsk: group.may_ask,
    })),
  ];
}

/** What governs a request for something, and what it would open. */
export interface Asked {
  policies: AskedPolicy[];
  /** The tasks it opens, where it is not a task itself. */
  opens: string[];
  /** The tasks that it leaves shut all the same. */
  shut: string[];
}

/** What is known about a target before the request is sent; null while nothing is chosen or it is not known yet. */
export function useAsked(type: TargetType, name: string): Asked | null {
  const task = useTask(type === "Task" && name ? name : null);
  const roles = useRoles();
  const groups = useRoleGroups();
  if (!name) return null;
  if (type === "Task") return task.data ? { policies: task.data.policies, opens: [], shut: [] } : null;
  const tasksOf = (role: string) => roles.data?.items.find((one) => one.name === role)?.tasks ?? [];
  if (type === "Role") {
    const role = roles.data?.items.find((one) => one.name === name);
    return role ? { policies: role.policies, opens: without(role.tasks, role.shut), shut: role.shut } : null;
  }
  const group = groups.data?.items.find((one) => one.name === name);
  if (!group) return null;
  const all = [...new Set(group.roles.flatMap(tasksOf))];
  return { policies: group.policies, opens: without(all, group.shut), shut: group.shut };
}

function without(all: string[], some: string[]): string[] {
  return all.filter((one) => !some.includes(one));
}
