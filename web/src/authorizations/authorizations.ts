import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { keyed } from "../api/intent";
import type { Authorization } from "../api/shapes";

/** Whether an authorization still has a use. */
export function hasUses(one: Authorization): boolean {
  return one.uses === null || (one.used ?? 0) < one.uses;
}

/** Where more time is asked for. */
export function extendPath(of: Pick<Authorization, "number" | "target">): string {
  return `/requests/new?${new URLSearchParams({ type: of.target.type, name: of.target.name, extends: of.number })}`;
}

/** My live access. */
export function useLiveAccess() {
  return useQuery({
    queryKey: ["authorizations", "active"],
    queryFn: async () => {
      const query = { mine: true, status: "active" as const, limit: 100 };
      return await got(api.GET("/api/v1/authorizations", { params: { query } }));
    },
  });
}

const at = (number: string, key: string) => ({ path: { number }, ...keyed(key) });

export async function giveBack(number: string, key: string) {
  return got(api.POST("/api/v1/authorizations/{number}/give-back", { params: at(number, key) }));
}

export async function revoke(number: string, comment: string, key: string) {
  return got(
    api.POST("/api/v1/authorizations/{number}/revoke", { params: at(number, key), body: { comment } }),
  );
}
