/** A part of a JSON schema (2020-12), as far as the API's description uses it. */
export interface Schema {
  $ref?: string;
  const?: unknown;
  enum?: unknown[];
  oneOf?: Schema[];
  anyOf?: Schema[];
  type?: string | string[];
  format?: string;
  properties?: Record<string, Schema>;
  items?: Schema;
}

/**
 * Values of a schema that between them differ in every field that it has: for tests that hold that nothing of it is
 * lost. A field that is added to the schema gives more of them by itself.
 */
export function variants(of: Schema, named: Record<string, Schema>): unknown[] {
  if (of.$ref) return variants(named[of.$ref.split("/").pop() ?? ""] ?? {}, named);
  if ("const" in of) return [of.const];
  if (of.enum) return of.enum;
  const choices = of.oneOf ?? of.anyOf;
  if (choices) return choices.flatMap((one) => variants(one, named));
  const types = [of.type].flat();
  const found = types.flatMap((type) => plain(type, of, named));
  if (found.length === 0) throw new Error(`no value of ${JSON.stringify(of)} is known`);
  return found;
}

function plain(type: string | undefined, of: Schema, named: Record<string, Schema>): unknown[] {
  switch (type) {
    case "null":
      return [null];
    case "boolean":
      return [true, false];
    case "string":
      return ["one", "other"];
    case "integer":
      // Wide ones are lengths of time in microseconds: whole hours, minutes and seconds.
      return of.format === "uint64" ? [7_200_000_000, 5_400_000_000, 61_000_000] : [2, 3];
    case "array": {
      const items = variants(of.items ?? {}, named);
      return [...items.map((item) => [item]), items.slice(0, 2), []];
    }
    case "object":
      return objects(of.properties ?? {}, named);
    default:
      return [];
  }
}

/** One with the first value of every property, and for each property each of its other values. */
function objects(properties: Record<string, Schema>, named: Record<string, Schema>): unknown[] {
  const each = Object.entries(properties).map(([name, schema]) => [name, variants(schema, named)] as const);
  const first = Object.fromEntries(each.map(([name, values]) => [name, values[0]]));
  return [
    first,
    ...each.flatMap(([name, values]) => values.slice(1).map((value) => ({ ...first, [name]: value }))),
  ];
}
