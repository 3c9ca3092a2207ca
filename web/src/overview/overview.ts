import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";

/** How privileged access is used, in figures. */
export function useOverview() {
  return useQuery({
    queryKey: ["overview"],
    refetchInterval: 60_000,
    queryFn: async () => await got(api.GET("/api/v1/overview")),
  });
}

/** Runspaces and the runner they live in. */
export function useRunspaces() {
  return useQuery({
    queryKey: ["runspaces"],
    refetchInterval: 30_000,
    queryFn: async () => await got(api.GET("/api/v1/runspaces")),
  });
}
