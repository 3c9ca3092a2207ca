import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import type { Organization } from "../api/shapes";

/** The organization, and what stands above every page. */
export function useOrganization() {
  return useQuery({
    queryKey: ["organization"],
    queryFn: async () => (await got(api.GET("/api/v1/organization"))) as unknown as Organization,
  });
}
