import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { keyed } from "../api/intent";
import type { Execution, NewExecution, Ran, Started } from "../api/shapes";
import { taskPath } from "../ui/links";

export interface ListQuery {
  mine?: boolean;
  status?: Execution["status"];
  task?: string;
  limit?: number;
  cursor?: string;
}

export async function listExecutions(query: ListQuery) {
  return await got(api.GET("/api/v1/executions", { params: { query } }));
}

export function useExecutions(query: ListQuery) {
  return useQuery({ queryKey: ["executions", query], queryFn: () => listExecutions(query) });
}

export function useExecution(id: string) {
  return useQuery({
    queryKey: ["executions", id],
    queryFn: async () => await got(api.GET("/api/v1/executions/{id}", { params: { path: { id } } })),
  });
}

/** Where a run is started again, under the same access while it lives. */
export function againPath(of: Pick<Execution, "task" | "basis">): string {
  return taskPath(of.task, of.basis.number ? `/run?request=${of.basis.number}` : "/run");
}

export async function start(body: NewExecution, key: string): Promise<Ran | Started> {
  return await got(api.POST("/api/v1/executions", { params: keyed(key), body }));
}

const at = (id: string, key: string) => ({ path: { id }, ...keyed(key) });

export async function stop(id: string, key: string) {
  return got(api.POST("/api/v1/executions/{id}/stop", { params: at(id, key) }));
}

export async function acknowledge(id: string, key: string) {
  return got(api.POST("/api/v1/executions/{id}/acknowledge", { params: at(id, key) }));
}
