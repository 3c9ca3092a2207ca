import { describe, expect, it } from "vitest";
import type { WhoCould } from "../api/shapes";
import { graphOf } from "./graph";

const person = (id: string) => ({ id, upn: `${id}@fabrikam.example`, display_name: id });
const way = (part: object) => ({
  through: "request",
  role: null,
  role_groups: [],
  policy: null,
  target: null,
  people_needed: 1,
  ...part,
});

function could(people: object[], groups: object[] = []): WhoCould {
  return {
    task: "Host\\Restart",
    people,
    groups,
    approvers: [],
    policies: [],
    fewest_people: 1,
  } as unknown as WhoCould;
}

describe("who could run a task, as a graph", () => {
  it("leads through role group and role", () => {
    const ways = [way({ through: "role", role: "Host\\Operator", role_groups: ["Host\\Operators"] })];
    const graph = graphOf(could([{ person: person("rita"), ways }]));
    expect(graph.edges.map(({ from, to }) => `${from} > ${to}`)).toEqual([
      "role Host\\Operator > task",
      "rita > role-group Host\\Operators",
      "role-group Host\\Operators > role Host\\Operator",
    ]);
    expect(graph.columns).toBe(4);
  });
  it("leads through a policy, the group that decides, and its people", () => {
    const ways = [
      way({ policy: "pol-1", target: { type: "Task", name: "Host\\Restart" }, people_needed: 2 }),
    ];
    const groups = [
      { id: "g-1", name: "Deciders", policies: ["pol-1"], people: [person("bob"), person("cyd")] },
    ];
    const graph = graphOf(could([{ person: person("rita"), ways }], groups));
    expect(graph.nodes.map((node) => node.kind).sort()).toEqual([
      "approver",
      "approver",
      "group",
      "person",
      "policy",
      "task",
    ]);
    expect(graph.edges.filter((edge) => edge.to === "task")).toHaveLength(2);
  });
  it("draws a few people of many, and says how many it left out", () => {
    const many = Array.from({ length: 40 }, (_, index) => ({
      person: person(`p${index}`),
      ways: [way({ through: "role", role: "R\\R", role_groups: ["G\\G"] })],
    }));
    const graph = graphOf(could(many));
    expect([graph.left, graph.rows]).toEqual([28, 12]);
  });
  it("has only the task where nobody could", () => {
    expect(graphOf(could([]))).toMatchObject({ edges: [], columns: 1, rows: 1 });
  });
});
