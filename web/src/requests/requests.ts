import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { keyed } from "../api/intent";
import type { Decided, Page, RequestDetails, RequestLine } from "../api/shapes";

export interface ListQuery {
  mine?: boolean;
  to_decide?: boolean;
  status?: string;
  limit?: number;
  cursor?: string;
}

/** Query parameters as the API takes them: texts, and nothing for what is not asked. */
export function asText(query: object): Record<string, string> {
  const asked = Object.entries(query).filter(
    ([, value]) => value !== undefined && value !== false && value !== "",
  );
  return Object.fromEntries(asked.map(([name, value]) => [name, String(value)]));
}

export function useRequests(query: ListQuery) {
  return useQuery({
    queryKey: ["requests", query],
    queryFn: async () =>
      (await got(
        api.GET("/api/v1/requests", { params: { query: asText(query) } }),
      )) as unknown as Page<RequestLine>,
  });
}

export function useRequest(number: string | null) {
  return useQuery({
    queryKey: ["requests", number],
    enabled: number !== null,
    queryFn: async () => {
      const path = { number: number ?? "" };
      return (await got(
        api.GET("/api/v1/requests/{number}", { params: { path } }),
      )) as unknown as RequestDetails;
    },
  });
}

export interface NewRequest {
  target: { type: "Task" | "Role" | "Role Group"; name: string };
  role?: string;
  constraints?: Record<string, unknown>;
  reason: string;
  ticket?: string;
  duration_secs: number;
  start?: string;
}

export async function submit(body: NewRequest, key: string): Promise<Decided> {
  // The description's `oneOf` of constraints is narrower than what TypeScript makes of it.
  const sent = body as never;
  return (await got(api.POST("/api/v1/requests", { params: keyed(key), body: sent }))) as unknown as Decided;
}

const at = (number: string, key: string) => ({ path: { number }, ...keyed(key) });

export interface Less {
  duration_secs?: number;
  uses?: number;
  constraints?: Record<string, unknown>;
}

export async function approve(
  number: string,
  statement: string,
  comment: string,
  less: Less | undefined,
  key: string,
) {
  const body = { statement, comment, ...(less ? { less } : {}) } as never;
  return (await got(
    api.POST("/api/v1/requests/{number}/approve", { params: at(number, key), body }),
  )) as unknown as Decided;
}

export async function deny(number: string, statement: string, comment: string, key: string) {
  const call = api.POST("/api/v1/requests/{number}/deny", {
    params: at(number, key),
    body: { statement, comment },
  });
  return (await got(call)) as unknown as Decided;
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
