import { describe, expect, it } from "vitest";
import type { Execution } from "../api/shapes";
import type { Choice } from "../requests/targets";
import { distinct } from "./Again";
import { found } from "./Find";

const choice = (name: string, more: Partial<Choice> = {}): Choice => ({
  type: "Task",
  name,
  workload: name.split("\\", 1)[0] ?? "",
  title: "",
  description: "",
  asked: true,
  mayAsk: true,
  ...more,
});

describe("finding what to do", () => {
  const all = [
    choice("Host\\Get-DiskUsage", { title: "Show disk usage", description: "How full the volumes are." }),
    choice("Host\\Restart-Unit", { mayAsk: false, description: "Restarts a service." }),
    choice("Countersign\\New-Group"),
    choice("Host\\Operators", { type: "Role" }),
  ];
  const names = (search: string) => found(all, search).map((one) => one.name);
  it("goes by what it does", () => {
    expect(names("volumes FULL")).toEqual(["Host\\Get-DiskUsage"]);
    expect(names("service restart")).toEqual(["Host\\Restart-Unit"]);
    expect(names("nothing like it")).toEqual([]);
  });
  it("begins with what one may ask for on targets", () =>
    expect(names("  ")).toEqual(["Host\\Get-DiskUsage"]));
});

describe("running again", () => {
  it("offers each task with the same parameters once, the newest first", () => {
    const run = (id: string, task: string, values: object | null, kind = "authorization") =>
      ({ id, task, values, basis: { kind } }) as Execution;
    const runs = [
      run("0", "Countersign\\New-Group", null),
      run("seen", "a", { x: 3 }, "preview"),
      run("undone", "a", { x: 4 }, "take_back"),
      run("1", "a", { x: 1 }),
      run("2", "a", { x: 1 }),
      run("3", "a", { x: 2 }),
      run("4", "b", null),
    ];
    expect(distinct(runs, 3).map((one) => one.id)).toEqual(["1", "3", "4"]);
    expect(distinct(runs, 1)).toHaveLength(1);
  });
});
