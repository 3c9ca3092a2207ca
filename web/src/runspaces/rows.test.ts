import { describe, expect, it } from "vitest";
import { fieldsOf, rowsOf } from "./rows";

describe("an answer in lines of JSON", () => {
  it("becomes rows with all their fields", () => {
    const rows = rowsOf('{"account":"sue","own":false}\n\n{"account":"app","power":"superuser"}\n');
    expect(rows).toHaveLength(2);
    expect(fieldsOf(rows ?? [])).toEqual(["account", "own", "power"]);
  });
  it("is shown as it is where a line of it is anything else", () => {
    for (const text of ["", "sudo:x:27:sue", '{"a":1}\nand more', "[1]", "null", '{"cut":"off'])
      expect(rowsOf(text), text).toBeNull();
  });
});
