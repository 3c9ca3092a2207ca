import type { ComponentType } from "react";
import { createBrowserRouter, type RouteObject } from "react-router";
import { speakMore } from "../words";
import { Failed } from "./Failed";
import { NotFound } from "./NotFound";
import { Root } from "./Root";

/** A screen that has more to say than first screens do: its texts are fetched beside it. */
function screen(path: string, load: () => Promise<ComponentType>): RouteObject {
  return {
    path,
    lazy: async () => {
      await speakMore();
      return { Component: await load() };
    },
  };
}

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
        screen("tasks/:workload/:name", async () => (await import("../tasks/Details")).Details),
        {
          path: "tasks/:workload/:name/run",
          lazy: async () => ({ Component: (await import("../executions/Run")).Run }),
        },
        { path: "executions", lazy: async () => ({ Component: (await import("../executions/List")).List }) },
        {
          path: "executions/:id",
          lazy: async () => ({ Component: (await import("../executions/Details")).Details }),
        },
        screen("policies", async () => (await import("../policies/List")).List),
        screen("policies/new", async () => (await import("../policies/Wizard")).NewPolicy),
        screen("policies/:id/change", async () => (await import("../policies/Wizard")).ChangePolicy),
        screen("policies/:id/remove", async () => (await import("../policies/Remove")).Remove),
        screen("policies/:id", async () => (await import("../policies/Details")).Details),
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
        screen("roles/:workload/:name", async () => (await import("../roles/Details")).Details),
        screen("role-groups/:workload/:name", async () => (await import("../role-groups/Details")).Details),
        {
          path: "role-groups",
          lazy: async () => ({ Component: (await import("../role-groups/List")).List }),
        },
        screen("overview", async () => (await import("../overview/Overview")).Overview),
        screen("standing-access", async () => (await import("../overview/Standing")).Standing),
        screen("native-access", async () => (await import("../runspaces/NativeAccess")).NativeAccess),
        screen("take-backs", async () => (await import("../take-backs/List")).List),
        screen("runspaces", async () => (await import("../runspaces/List")).List),
        screen("ledger", async () => (await import("../ledger/Ledger")).Ledger),
        screen("organization", async () => (await import("../organization/Settings")).Settings),
        screen("organization/:act", async () => (await import("../organization/Change")).Change),
        screen("audit", async () => (await import("../audit/Search")).Search),
        screen("audit/:seq", async () => (await import("../audit/Event")).Event),
        screen("settings", async () => (await import("../me/Settings")).Settings),
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
