import { describe, expect, it } from "vitest";
import { workloadsOf } from "./NativeAccess";

describe("workloads", () => {
  it("are listed once, with the task that tells who holds their power, if there is one", () => {
    const tasks = [
      "Countersign\\New-Group",
      "Linux\\Get-Account",
      "Linux\\Get-StandingAccess",
      "Linux\\Restart-Host",
      "Host\\Get-DiskUsage",
    ].map((name) => ({ name }));
    expect(workloadsOf(tasks)).toEqual([
      { workload: "Linux", task: "Linux\\Get-StandingAccess" },
      { workload: "Host", task: null },
    ]);
  });
});
