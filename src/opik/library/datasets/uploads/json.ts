import * as v from "valibot";
import { type JsonShape, parseJson, parseJsonInSlices, RawJson } from "../../../../core/json.ts";
import { lookUp } from "../../../../core/look-up.ts";
import { OpikError } from "../../../wire/errors.ts";
import { type NewItem, writtenItem } from "../items/schema.ts";

export const FILE_FORMATS = ["json", "jsonl"] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** The fields of an item besides its data. */
type Reserved = "id" | "source" | "description" | "tags" | "evaluators" | "execution_policy";

/** How files call the fields of items; all other names are those of data. */
const RESERVED: Readonly<Record<string, Reserved>> = {
  id: "id",
  source: "source",
  description: "description",
  tags: "tags",
  evaluators: "evaluators",
  execution_policy: "execution_policy",
  executionPolicy: "execution_policy",
};

type Fields = ReadonlyMap<string, RawJson>;

const ROW: JsonShape = { values: "raw" };
const BYTE_ORDER_MARK = /^\u{FEFF}/u;
const ARRAY_START = /^\s*\[/;
const FIRST_ELEMENT = /^\s*\[\s*(.)/s;

/** An uploaded file as text. */
export async function textOf(file: Blob): Promise<string> {
  return (await file.text()).replace(BYTE_ORDER_MARK, "");
}

/**
 * Checks the beginning of a file of items.
 * @throws OpikError 400 for a file that is no list of objects, or has none [opik 10.5]
 */
export function checkJsonFile(text: string, format: FileFormat): void {
  if (format === "json") checkArray(text);
  else checkLines(text);
}

function checkArray(text: string): void {
  if (text.trim() === "") throw OpikError.message(400, "JSON file is empty");
  if (!ARRAY_START.test(text)) throw OpikError.message(400, "JSON file must contain a top-level array of objects");
  const [, first] = FIRST_ELEMENT.exec(text) ?? [];
  if (first === "]") throw OpikError.message(400, "JSON file contains no items");
  if (first !== "{")
    throw OpikError.message(400, "JSON array must contain only objects; first element is not an object");
}

function checkLines(text: string): void {
  const [first] = linesOf(text);
  if (first === undefined) throw OpikError.message(400, "JSON file contains no items");
  let value: unknown;
  try {
    value = parseJson(first, "raw");
  } catch (error) {
    throw OpikError.message(400, `First non-blank line is not valid JSON: ${(error as Error).message}`);
  }
  if (!(value as RawJson).isObject) throw OpikError.message(400, "JSONL first non-blank line must be a JSON object");
}

/**
 * The items of a file of JSON: a list of objects, or one object a line.
 * @throws Error for what is no object, has no data, or has a field of an item that is not of its type
 */
export async function* jsonItems(text: string, format: FileFormat): AsyncGenerator<NewItem, void> {
  if (format === "jsonl") {
    for (const line of linesOf(text)) yield itemOf(parseJson(line, ROW));
    return;
  }
  const rows = (await parseJsonInSlices(text, { items: ROW })) as unknown[];
  for (const row of rows) yield itemOf(row);
}

function* linesOf(text: string): Generator<string> {
  for (const [line] of text.matchAll(/[^\r\n]+/g)) if (line.trim() !== "") yield line;
}

function itemOf(row: unknown): NewItem {
  if (!(row instanceof Map)) throw new Error("an item is not an object");
  const item: Record<string, unknown> = { source: "manual" };
  const data: string[] = [];
  for (const [name, value] of row as Fields) {
    const field = lookUp(RESERVED, name);
    if (field === undefined) data.push(`${JSON.stringify(name)}:${value.text}`);
    else if (!value.isNull) item[field] = field === "evaluators" ? evaluatorsOf(value) : value.parse();
  }
  item["data"] = new RawJson(`{${data.join(",")}}`);
  return v.parse(writtenItem, item);
}

/** Clients define the form of an evaluator's configuration, which stays as it is. */
function evaluatorsOf({ text }: RawJson): unknown {
  return parseJson(text, { items: { fields: { config: "raw" } } });
}
