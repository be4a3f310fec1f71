import * as v from "valibot";
import { JsonDepthError, JsonSyntaxError, parseStrictJson, parseStrictJsonInSlices } from "../../core/json.ts";
import { type BodyReader, createBodyCheck, createCheckedReader } from "../../http/body-reader.ts";
import { readBodyText } from "../../http/body.ts";
import type { BodyCheck } from "../../http/ignored-fields.ts";
import type { RequestEvent } from "../../http/request-event.ts";
import { RequestRefused } from "../../http/route.ts";
import { shapeOf, unwrap } from "../../http/schema.ts";
import { StraitError } from "./errors.ts";
import { findGoSyntaxFault } from "./go-syntax.ts";
import { structNameOf } from "./values.ts";

/**
 * Creates the reader of one route's body [strait 0.2]: an empty body is an object without fields, field names
 * match in any case, what follows the first value is ignored.
 * @param maxBytes a longer body is cut off there, and so is not valid JSON
 * @param check called with each body that could be parsed
 */
export function createBodyReader<Body>(
  schema: v.GenericSchema<unknown, Body>,
  maxBytes: number,
  check: BodyCheck,
): BodyReader<Body> {
  const shape = shapeOf(schema, { anyCase: true });
  return createCheckedReader(
    async (event) => {
      const text = toJsonText(await readText(event, maxBytes));
      const input = await parseStrictJsonInSlices(text, shape).catch((error: unknown) => refuse(error, text, schema));
      return input ?? parseStrictJson("{}", shape);
    },
    createBodyCheck(schema, check, (issues) => toError(issues, schema)),
  );
}

/**
 * Makes what reads a body of which the text is there already. What it makes throws StraitError 400 and 422.
 * @param check called with each body that could be parsed
 */
export function createTextReader<Body>(
  schema: v.GenericSchema<unknown, Body>,
  check: BodyCheck,
): (text: string) => Body {
  const shape = shapeOf(schema, { anyCase: true });
  const checked = createBodyCheck(schema, check, (issues) => toError(issues, schema));
  return (whole) => {
    const text = toJsonText(whole);
    try {
      return checked(parseStrictJson(text, shape) ?? parseStrictJson("{}", shape));
    } catch (error) {
      return refuse(error, text, schema);
    }
  };
}

/** The text that is parsed: zero bytes are blanks, and an empty body is an object without fields. */
function toJsonText(whole: string): string {
  const text = whole.replaceAll("\0", " ");
  return text.trim() === "" ? "{}" : text;
}

async function readText(event: RequestEvent, maxBytes: number): Promise<string> {
  try {
    return await readBodyText(event, maxBytes);
  } catch (error) {
    if (error instanceof RequestRefused && error.status === 413) throw unreadable("unexpected EOF");
    throw error;
  }
}

/** @throws StraitError that words a mistake in the text as Go's decoder does; other errors as they are */
function refuse(error: unknown, text: string, schema: v.GenericSchema): never {
  if (!(error instanceof JsonSyntaxError)) throw error;
  throw unreadable(findGoSyntaxFault(text) ?? describeList(error, schema));
}

/** Valid JSON is refused for its depth, and for a list where a struct is read: of those only the body can be one. */
function describeList(error: JsonSyntaxError, schema: v.GenericSchema): string {
  if (error instanceof JsonDepthError) return "exceeded max depth";
  return `json: cannot unmarshal array into Go value of type api.${structNameOf(schema) ?? "Request"}`;
}

function unreadable(reason: string): StraitError {
  return new StraitError(400, `invalid request body: ${reason}`);
}

/** A value of the wrong type is a 400 and wins; broken rules are a 422 with one line per field. */
function toError(issues: ReadonlyArray<v.BaseIssue<unknown>>, schema: v.GenericSchema): StraitError {
  const mistyped = issues.find((issue) => issue.kind !== "validation");
  if (mistyped !== undefined) return unreadable(describeType(mistyped, schema));
  const byField = new Map<string, string>();
  for (const issue of issues) {
    const path = v.getDotPath(issue) ?? "";
    const leaf = String(issue.path?.at(-1)?.key ?? "");
    if (!byField.has(path)) byField.set(path, `${leaf}: failed on '${issue.message}'`);
  }
  return new StraitError(422, "validation failed", { details: [...byField.values()] });
}

/** Names the struct's field that cannot be decoded, as Go does: without the indexes of lists and the keys of maps. */
function describeType({ message, path = [] as never }: v.BaseIssue<unknown>, schema: v.GenericSchema): string {
  let struct = structNameOf(schema);
  let inner = unwrap(schema);
  const fields: string[] = [];
  for (const { key } of path as ReadonlyArray<{ key: unknown }>) {
    struct = structNameOf(inner) ?? struct;
    if ("entries" in inner) fields.push(String(key));
    const next = partOf(inner, String(key));
    if (next === undefined) break;
    inner = unwrap(next);
  }
  if (fields.length === 0) return message;
  return message.replace("Go value of type", `Go struct field ${struct}.${fields.join(".")} of type`);
}

/** The schema of a field, of a list's items or of a map's values. */
function partOf(schema: v.GenericSchema, key: string): v.GenericSchema | undefined {
  if ("entries" in schema) return (schema.entries as Record<string, v.GenericSchema>)[key];
  if ("item" in schema) return schema.item as v.GenericSchema;
  return "value" in schema ? (schema.value as v.GenericSchema) : undefined;
}
