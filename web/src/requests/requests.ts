import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { keyed } from "../api/intent";
import type { Less, NewPreview, NewRequest, RequestLine } from "../api/shapes";

export interface ListQuery {
  mine?: boolean;
  to_decide?: boolean;
  status?: RequestLine["status"];
  limit?: number;
  cursor?: string;
}

export async function listRequests(query: ListQuery) {
  return await got(api.GET("/api/v1/requests", { params: { query } }));
}

/** The tasks that a request opens, as they were when it was made. */
export async function listOpened(number: string, query: { limit: number; cursor?: string }) {
  return await got(api.GET("/api/v1/requests/{number}/tasks", { params: { path: { number }, query } }));
}

export function useRequests(query: ListQuery) {
  return useQuery({ queryKey: ["requests", query], queryFn: () => listRequests(query) });
}

export function useRequest(number: string | null) {
  return useQuery({
    queryKey: ["requests", "one", number],
    enabled: number !== null,
    queryFn: async () => {
      const path = { number: number ?? "" };
      return await got(api.GET("/api/v1/requests/{number}", { params: { path } }));
    },
  });
}

export async function submit(body: NewRequest, key: string) {
  return await got(api.POST("/api/v1/requests", { params: keyed(key), body }));
}

const at = (number: string, key: string) => ({ path: { number }, ...keyed(key) });

export async function approve(
  number: string,
  statement: string,
  comment: string,
  less: Less | undefined,
  key: string,
) {
  const body = { statement, comment, ...(less ? { less } : {}) };
  return await got(api.POST("/api/v1/requests/{number}/approve", { params: at(number, key), body }));
}

export async function deny(number: string, statement: string, comment: string, key: string) {
  const call = api.POST("/api/v1/requests/{number}/deny", {
    params: at(number, key),
    body: { statement, comment },
  });
  return await got(call);
}

export async function question(number: string, text: string, key: string) {
  return got(api.POST("/api/v1/requests/{number}/question", { params: at(number, key), body: { text } }));
}

export async function answer(number: string, text: string, key: string) {
  return got(api.POST("/api/v1/requests/{number}/answer", { params: at(number, key), body: { text } }));
}

export async function cancel(number: string, key: string) {
  return got(api.POST("/api/v1/requests/{number}/cancel", { params: at(number, key) }));
}

/** Looks at what a request would do. Values are given only by who may run it now. */
export async function preview(number: string, body: NewPreview, key: string) {
  return await got(api.POST("/api/v1/requests/{number}/preview", { params: at(number, key), body }));
}
