import { createBrowserRouter } from "react-router";
import { Failed } from "./Failed";
import { NotFound } from "./NotFound";
import { Root } from "./Root";

/** One entry per screen; each is a chunk of its own. Paths use the nouns of the API. It begins to load at once. */
export const makeRouter = () =>
  createBrowserRouter([
    {
      path: "/invitation",
      lazy: async () => ({ Component: (await import("../invitations/Redeem")).Redeem }),
      errorElement: <Failed />,
      HydrateFallback: () => null,
    },
    {
      path: "/",
      element: <Root />,
      errorElement: <Failed />,
      children: [
        { index: true, lazy: async () => ({ Component: (await import("../home/Home")).Home }) },
        { path: "requests", lazy: async () => ({ Component: (await import("../requests/List")).List }) },
        { path: "requests/new", lazy: async () => ({ Component: (await import("../requests/New")).New }) },
        {
          path: "requests/:number",
          lazy: async () => ({ Component: (await import("../requests/Details")).Details }),
        },
        { path: "approvals", lazy: async () => ({ Component: (await import("../approvals/List")).List }) },
        { path: "tasks", lazy: async () => ({ Component: (await import("../tasks/List")).List }) },
        {
          path: "tasks/:workload/:name",
          lazy: async () => ({ Component: (await import("../tasks/Details")).Details }),
        },
        {
          path: "tasks/:workload/:name/run",
          lazy: async () => ({ Component: (await import("../executions/Run")).Run }),
        },
        { path: "executions", lazy: async () => ({ Component: (await import("../executions/List")).List }) },
        {
          path: "executions/:id",
          lazy: async () => ({ Component: (await import("../executions/Details")).Details }),
        },
        { path: "policies", lazy: async () => ({ Component: (await import("../policies/List")).List }) },
        {
          path: "policies/:id",
          lazy: async () => ({ Component: (await import("../policies/Details")).Details }),
        },
        { path: "people", lazy: async () => ({ Component: (await import("../people/List")).List }) },
        {
          path: "people/:id",
          lazy: async () => ({ Component: (await import("../people/Details")).Details }),
        },
        { path: "groups", lazy: async () => ({ Component: (await import("../groups/List")).List }) },
        {
          path: "groups/:id",
          lazy: async () => ({ Component: (await import("../groups/Details")).Details }),
        },
        { path: "roles", lazy: async () => ({ Component: (await import("../roles/List")).List }) },
        {
          path: "role-groups",
          lazy: async () => ({ Component: (await import("../role-groups/List")).List }),
        },
        { path: "audit", lazy: async () => ({ Component: (await import("../audit/Search")).Search }) },
        { path: "audit/:seq", lazy: async () => ({ Component: (await import("../audit/Event")).Event }) },
        { path: "settings", lazy: async () => ({ Component: (await import("../me/Settings")).Settings }) },
        {
          path: "second-factor",
          lazy: async () => ({ Component: (await import("../me/SecondFactor")).SecondFactor }),
        },
        { path: "help", lazy: async () => ({ Component: (await import("../help/Help")).Index }) },
        { path: "help/:topic", lazy: async () => ({ Component: (await import("../help/Help")).Help }) },
        { path: "*", element: <NotFound /> },
      ],
      HydrateFallback: () => null,
    },
  ]);
