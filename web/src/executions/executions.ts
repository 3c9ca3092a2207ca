import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { keyed } from "../api/intent";
import type { Execution, Explained, Page, Started } from "../api/shapes";
import { asText } from "../requests/requests";

export function useExecutions(query: {
  mine?: boolean;
  status?: string;
  task?: string;
  limit?: number;
  cursor?: string;
}) {
  return useQuery({
    queryKey: ["executions", query],
    queryFn: async () =>
      (await got(
        api.GET("/api/v1/executions", { params: { query: asText(query) } }),
      )) as unknown as Page<Execution>,
  });
}

export function useExecution(id: string) {
  return useQuery({
    queryKey: ["executions", id],
    queryFn: async () =>
      (await got(api.GET("/api/v1/executions/{id}", { params: { path: { id } } }))) as unknown as Execution,
  });
}

export interface NewExecution {
  task: string;
  values: Record<string, unknown>;
  authorization?: string;
  print_link?: boolean;
}

export async function start(body: NewExecution, key: string): Promise<Started> {
  return (await got(api.POST("/api/v1/executions", { params: keyed(key), body }))) as unknown as Started;
}

/** What the gate would say; nothing is done or recorded. */
export async function explain(task: string, values: Record<string, unknown>): Promise<Explained> {
  return (await got(api.POST("/api/v1/explain", { body: { task, values } }))) as unknown as Explained;
}

const at = (id: string, key: string) => ({ path: { id }, ...keyed(key) });

export async function stop(id: string, key: string) {
  return got(api.POST("/api/v1/executions/{id}/stop", { params: at(id, key) }));
}

export async function acknowledge(id: string, key: string) {
  return got(api.POST("/api/v1/executions/{id}/acknowledge", { params: at(id, key) }));
}
