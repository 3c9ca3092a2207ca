import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";

/** The organization, and what stands above every page. */
export function useOrganization() {
  return useQuery({
    queryKey: ["organization"],
    queryFn: async () => await got(api.GET("/api/v1/organization")),
  });
}
