import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";

/** What was done under access and is not taken back yet, as far as one may know of it. */
export function useTakeBacks() {
  return useQuery({
    queryKey: ["take-backs"],
    queryFn: async () => await got(api.GET("/api/v1/take-backs")),
  });
}
