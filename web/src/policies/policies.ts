import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";

/** Approval policies that one may see. */
export function usePolicies() {
  return useQuery({
    queryKey: ["policies"],
    queryFn: async () => await got(api.GET("/api/v1/policies")),
  });
}

/** One of them with its versions. */
export function usePolicy(id: string) {
  return useQuery({
    queryKey: ["policies", id],
    queryFn: async () => await got(api.GET("/api/v1/policies/{id}", { params: { path: { id } } })),
  });
}
