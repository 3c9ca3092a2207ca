import { describe, expect, it } from "vitest";
import { boundIn, constraintsOf, isBound } from "./constraints";
import { fileIn, mediaType } from "./files";
import { picked } from "./picked";
import { read, readAll, typed } from "./read";
import { type Draft, isRequired, type Kind, open, type ParameterSpec, sets } from "./spec";

function spec(name: string, kind: Kind, more: Partial<ParameterSpec> = {}): ParameterSpec {
  return {
    name,
    kind,
    title: "",
    help: "",
    required: false,
    default: null,
    binding: "always",
    may_start_with_dash: false,
    sets: [],
    picker: null,
    conditions: [],
    ...more,
  };
}

const path: Kind = { type: "string", min_length: 1, max_length: 20, pattern: "/[a-z/]*", multiline: false };
const depth: Kind = { type: "integer", min: 0, max: 5 };

describe("what is typed", () => {
  const cases: [string, Kind, string, unknown][] = [
    ["text", path, " /var/log ", { value: "/var/log" }],
    ["text that does not match", path, "var", { fault: "pattern" }],
    ["text that only begins right", path, "/var; rm", { fault: "pattern" }],
    ["text that is too long", path, `/${"a".repeat(20)}`, { fault: "length" }],
    ["nothing", path, "  ", { absent: true }],
    ["a number", depth, "3", { value: 3 }],
    ["a number out of range", depth, "6", { fault: "range" }],
    ["no number", depth, "3.5", { fault: "integer" }],
    [
      "a number past what is exact",
      { type: "integer", min: null, max: null },
      "9007199254740993",
      { fault: "range" },
    ],
    ["a decimal", { type: "decimal", min: null, max: null, scale: 2 }, "1.50", { value: "1.50" }],
    ["a switch", { type: "switch" }, "true", { value: true }],
    ["no", { type: "boolean" }, "false", { value: false }],
    ["a list", { type: "list", of: depth, min_items: 1, max_items: 3 }, "1\n\n 2 ", { value: [1, 2] }],
    [
      "a list with a fault",
      { type: "list", of: depth, min_items: 1, max_items: 3 },
      "1\nx",
      { fault: "integer" },
    ],
    [
      "a list that is too long",
      { type: "list", of: depth, min_items: 1, max_items: 1 },
      "1\n2",
      { fault: "items" },
    ],
    ["an instant", { type: "instant" }, "2026-11-22T10:00:00+01:00", { value: "2026-11-22T09:00:00Z" }],
    ["no instant", { type: "instant" }, "soon", { fault: "instant" }],
    ["an address", { type: "address" }, "a@b.example", { value: "a@b.example" }],
    ["no address", { type: "address" }, "a b", { fault: "address" }],
    [
      "lines",
      { type: "string", min_length: 1, max_length: 9, pattern: null, multiline: true },
      "a\r\nb",
      { value: "a\nb" },
    ],
  ];
  for (const [name, kind, text, expected] of cases) {
    it(name, () => expect(read(spec("P", kind), { P: text }, false)).toEqual(expected));
  }

  it("is missing where it must be given", () => {
    expect(read(spec("P", path), {}, true)).toEqual({ fault: "required" });
    expect(read(spec("P", { type: "switch" }), {}, true)).toEqual({ absent: true });
  });

  it("reads tables by their keys", () => {
    const table: Kind = { type: "table", of: path, keys: ["add", "remove"], max_items: 9 };
    const draft: Draft = { "P/add": "/a\n/b" };
    expect(read(spec("P", table), draft, true)).toEqual({ value: { add: ["/a", "/b"] } });
    expect(typed("P", { add: ["/a", "/b"] })).toEqual(draft);
  });

  it("collects values and faults", () => {
    const specs = [spec("A", path), spec("B", depth), spec("C", depth)];
    expect(readAll(specs, { A: "/x", B: "9" }, () => false)).toEqual({
      values: { A: "/x" },
      faults: { B: "range" },
    });
  });
});

describe("what may be given together", () => {
  const specs = [
    spec("Mode", { type: "choice", options: ["a", "b"] }),
    spec("Size", depth, { conditions: [{ effect: "allowed", when: "Mode", equals: "b" }] }),
    spec("Why", path, { conditions: [{ effect: "required", when: "Mode", equals: "b" }] }),
    spec("One", path, { sets: ["first"] }),
    spec("Two", path, { sets: ["second"] }),
  ];
  it("follows conditions", () => {
    expect(open(specs, {}, null).map((spec) => spec.name)).not.toContain("Size");
    expect(open(specs, { Mode: "B" }, null).map((spec) => spec.name)).toContain("Size");
    expect(specs.filter((spec) => isRequired(spec, specs, { Mode: "b" })).map((spec) => spec.name)).toEqual([
      "Why",
    ]);
  });
  it("follows sets", () => {
    expect(sets(specs)).toEqual(["first", "second"]);
    expect(open(specs, {}, "first").map((spec) => spec.name)).toEqual(["Mode", "Why", "One"]);
  });
  it("takes a switch that is not given as off", () => {
    const both = [
      spec("Go", { type: "switch" }),
      spec("X", path, { conditions: [{ effect: "allowed", when: "Go", equals: false }] }),
    ];
    expect(open(both, {}, null)).toHaveLength(2);
    expect(open(both, { Go: "true" }, null)).toHaveLength(1);
  });
});

describe("what a request limits", () => {
  const specs = [
    spec("Path", path, { required: true }),
    spec("Depth", depth, { binding: "free" }),
    spec("Note", path, { binding: "free" }),
    spec("Mail", path, { binding: "policy" }),
    spec("Pin", { type: "secret", max_length: 9, multiline: false }),
  ];
  it("binds values, and asks for any value only where that was chosen", () => {
    const asked = constraintsOf(specs, { Path: "/var" }, { Depth: true }, (spec) => spec.required);
    expect(asked.constraints).toEqual({
      Path: { equals: "/var" },
      Depth: "any",
      Note: "absent",
      Mail: "absent",
    });
    expect(asked.faults).toEqual({});
  });
  it("names what is missing", () => {
    expect(constraintsOf(specs, {}, {}, (spec) => spec.required).faults).toEqual({ Path: "required" });
  });
  it("knows what a policy binds", () => {
    expect(specs.map((spec) => isBound(spec, ["mail"]))).toEqual([true, false, false, true, true]);
  });
});

describe("what a statement binds", () => {
  it("is where a run starts from", () => {
    const statement = JSON.stringify({
      constraints: {
        Path: { equals: { string: "/var" } },
        Depth: "any",
        Names: { equals: { list: [{ string: "a" }, { string: "b" }] } },
        Who: { equals: { identity: { of: "person", id: "p-1" } } },
        Items: { equals: { table: { add: [{ integer: 1 }] } } },
      },
    });
    const { draft, bound } = boundIn(statement);
    expect(draft).toEqual({ Path: "/var", Names: "a\nb", Who: "p-1", "Items/add": "1" });
    expect([...bound]).toEqual(["Path", "Names", "Who", "Items"]);
  });
  it("is nothing where the statement was erased", () => {
    expect(boundIn(null).bound.size).toBe(0);
    expect(boundIn("{").bound.size).toBe(0);
  });
});

describe("a file", () => {
  const kind: Kind = { type: "file", max_size: 100, text: true };
  const value = { sha256: "ab".repeat(32), size: 9, media_type: "text/plain" };
  it("is given by what was uploaded, without the name it had here", () => {
    const draft = { Script: JSON.stringify({ ...value, name: "fix.sh" }) };
    expect(read(spec("Script", kind), draft, true)).toEqual({ value });
  });
  it("is missing where what stands in the draft is no upload", () => {
    for (const text of ["", "{}", "fix.sh", JSON.stringify({ ...value, size: "9" })])
      expect(read(spec("Script", kind), { Script: text }, true)).toEqual({ fault: "required" });
  });
  it("comes back from a run and from a statement as it was", () => {
    const statement = JSON.stringify({ constraints: { Script: { equals: { file: value } } } });
    expect(fileIn(boundIn(statement).draft.Script ?? "")).toEqual(value);
    expect(fileIn(typed("Script", value).Script ?? "")).toEqual(value);
  });
  it("is told as text where only text is taken", () => {
    expect(mediaType("application/x-sh", true)).toBe("text/plain");
    expect(mediaType("text/csv", true)).toBe("text/csv");
    expect(mediaType("", false)).toBe("application/octet-stream");
    expect(mediaType("a/b\r\nx: y", false)).toBe("application/octet-stream");
  });
});

describe("a picker's output", () => {
  it("offers the first value of each line, once", () => {
    expect(picked('{"role":"app","login":true}\n{"role":"app"}\n{"role":7}\n\n')).toEqual(["app", "7"]);
    expect(picked("a\tx\n b \n")).toEqual(["a", "b"]);
    expect(picked('["x",1]\n{"broken')).toEqual(["x"]);
  });
  it("is bounded", () =>
    expect(picked(Array.from({ length: 900 }, (_, n) => `v${n}`).join("\n"))).toHaveLength(500));
});
