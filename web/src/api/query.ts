import { QueryClient } from "@tanstack/react-query";
import { problemOf } from "./problem";

/** Refusals are answers and are not asked for again; only what did not reach the server is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (failures, error) => failures < 2 && problemOf(error).code === "unreachable",
      refetchOnWindowFocus: true,
    },
    mutations: { retry: false },
  },
});
