import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";

/** Groups that can approve or ask. */
export function useGroups() {
  return useQuery({
    queryKey: ["groups"],
    queryFn: async () => await got(api.GET("/api/v1/groups")),
  });
}
