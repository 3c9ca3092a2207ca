import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { TargetType } from "../api/shapes";

/** Something that can be asked for. */
export interface Choice {
  type: TargetType;
  name: string;
  workload: string;
  title: string;
  description: string;
  /** Whether a request makes sense: it is protected, or the person may ask for it. */
  asked: boolean;
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
    })),
    ...(roles.data?.items ?? []).map((role) => ({
      type: "Role" as const,
      name: role.name,
      workload: workloadOf(role.name),
      title: "",
      description: "",
      asked: role.may_ask,
    })),
    ...(groups.data?.items ?? []).map((group) => ({
      type: "Role Group" as const,
      name: group.name,
      workload: workloadOf(group.name),
      title: "",
      description: "",
      asked: group.may_ask,
    })),
  ];
}
