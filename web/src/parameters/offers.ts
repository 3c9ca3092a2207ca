import { useQuery } from "@tanstack/react-query";
import { api, got } from "../api/client";
import { visible } from "../ui/hidden";
import type { ParameterSpec } from "./spec";

/** What can be chosen: the value, and what people call it. */
export interface Offer {
  value: string;
  label: string;
}

type Noun = "person" | "group" | "task" | "role" | "role-group" | "policy";

/** Parameters of Countersign's own tasks that name an object in a plain text. */
const BY_NAME: Record<string, Noun[]> = {
  ApproverGroup: ["group"],
  AdminGroup: ["group"],
  RequesterGroup: ["group"],
  Task: ["task"],
  Role: ["role"],
  Roles: ["role"],
  RoleGroup: ["role-group"],
  Member: ["person", "group"],
  Members: ["person", "group"],
};
const BY_IDENTITY: [RegExp, Noun][] = [
  [/RoleGroup/, "role-group"],
  [/ManagementRole/, "role"],
  [/Group/, "group"],
  [/ApprovalPolicy/, "policy"],
  [/Task$/, "task"],
];

function nouns(task: string, spec: ParameterSpec): Noun[] {
  const kind = spec.kind.type === "list" ? spec.kind.of : spec.kind;
  if (kind.type === "identity") return [kind.of.replace("_", "-") as Noun];
  if (!task.startsWith("Countersign\\") || kind.type !== "string") return [];
  if (spec.name === "Identity") {
    const found = BY_IDENTITY.find(([pattern]) => pattern.test(task));
    return found ? [found[1]] : [];
  }
  return BY_NAME[spec.name] ?? [];
}

async function offers(noun: Noun): Promise<Offer[]> {
  switch (noun) {
    case "person": {
      const call = api.GET("/api/v1/people", { params: { query: { limit: 500 } } });
      const page = await got(call);
      return page.items.map((person) => ({
        value: person.id,
        label: `${person.display_name ?? ""} (${person.upn ?? person.id})`,
      }));
    }
    case "group": {
      const page = await got(api.GET("/api/v1/groups"));
      return page.items.map((group) => ({ value: group.name, label: group.name }));
    }
    case "task": {
      const page = await got(api.GET("/api/v1/tasks", { params: { query: {} } }));
      return page.items.map((task) => ({ value: task.name, label: `${task.name}: ${task.title}` }));
    }
    case "role": {
      const page = await got(api.GET("/api/v1/roles"));
      return page.items.map((role) => ({ value: role.name, label: role.name }));
    }
    case "role-group": {
      const page = await got(api.GET("/api/v1/role-groups"));
      return page.items.map((group) => ({ value: group.name, label: group.name }));
    }
    case "policy": {
      const page = await got(api.GET("/api/v1/policies"));
      return page.items.map((policy) => ({ value: policy.id, label: policy.target.name }));
    }
    default:
      return [];
  }
}

/** What a field can offer; empty where nothing is known or may be known. */
export function useOffers(task: string, spec: ParameterSpec): Offer[] {
  const wanted = nouns(task, spec);
  const found = useQuery({
    queryKey: ["offers", ...wanted],
    enabled: wanted.length > 0,
    staleTime: 5_000,
    queryFn: async () =>
      (await Promise.all(wanted.map(offers)))
        .flat()
        .map(({ value, label }) => ({ value, label: visible(label) })),
  });
  return found.data ?? [];
}
