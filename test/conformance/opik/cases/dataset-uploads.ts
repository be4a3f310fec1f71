import type { ConformanceCase, Step } from "../../case.ts";
import { inAnyOrder, TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, newIds } from "../given.ts";

const ITEMS = "/v1/private/datasets/items";
const CSV = `POST ${ITEMS}/from-csv`;
const JSON_FILE = `POST ${ITEMS}/from-json`;
const BOUNDARY = "a-part-of-the-form";
const HEADERS = { "content-type": `multipart/form-data; boundary=${BOUNDARY}` };

/** A form with fields, of which `file` is sent as a file. */
function form(fields: Readonly<Record<string, string>>): { headers: typeof HEADERS; body: string } {
  const parts = Object.entries(fields).map(([name, value]) => {
    const fileName = name === "file" ? '; filename="items.txt"' : "";
    return `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"${fileName}\r\n\r\n${value}\r\n`;
  });
  return { headers: HEADERS, body: `${parts.join("")}--${BOUNDARY}--\r\n` };
}

const csv = (file: string): { headers: typeof HEADERS; body: string } => form({ file, dataset_id: "<dataset>" });
const json = (file: string, format = "json"): { headers: typeof HEADERS; body: string } =>
  form({ file, format, dataset_id: "<dataset>" });

const accepted = (send: string, request: { headers: typeof HEADERS; body: string }): Step => ({
  send,
  ...request,
  status: 202,
  text: "",
});
const refused = (send: string, request: { headers: typeof HEADERS; body: string }, message: string): Step => ({
  send,
  ...request,
  status: 400,
  message,
});
const ended = (status: string): Step => ({ until: "GET /v1/private/datasets/<dataset>", match: { status } });

const item = (id: unknown, fields: object): object => ({
  id,
  dataset_item_id: id,
  source: "manual",
  dataset_id: "<dataset>",
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
  ...fields,
});

const column = (name: string, type = "string"): object => ({
  name,
  types: [type],
  filter_field_prefix: "data",
  filter_field: `data.${name}`,
});

/** Files of items that are uploaded [opik 10.5]. */
export const datasetUploadCases: readonly ConformanceCase[] = [
  {
    name: "each line of a CSV file becomes an item of trimmed texts",
    given: [dataset()],
    steps: [
      accepted(CSV, csv('\u{FEFF}question, answer\n"why, ""so""?", 42 \n\n  " never ",\n')),
      ended("completed"),
      {
        send: "GET /v1/private/datasets/<dataset>/items",
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 2,
          content: [
            item(UUID, { data: { question: '" never "', answer: "" } }),
            item(UUID, { data: { question: 'why, "so"?', answer: "42" } }),
          ],
          columns: [column("question"), column("answer")],
          sortable_by: [],
        },
      },
      accepted(CSV, csv("question\nagain")),
      ended("completed"),
      {
        send: "GET /v1/private/datasets/<dataset>",
        status: 200,
        match: { dataset_items_count: 3, status: "completed", latest_version: { version_name: "v1" } },
      },
    ],
  },
  {
    name: "a CSV file that is wrong after its header makes the dataset fail",
    given: [dataset()],
    steps: [
      accepted(CSV, csv("a,b\n1\n")),
      ended("failed"),
      accepted(CSV, csv("a\n1")),
      ended("completed"),
      accepted(CSV, csv("a,a\n1,2\n")),
      ended("failed"),
      accepted(CSV, csv("a\n1")),
      ended("completed"),
      accepted(CSV, csv("a,b\n")),
      ended("failed"),
      { send: "GET /v1/private/datasets/<dataset>/items", status: 200, match: { total: 2 } },
    ],
  },
  {
    name: "a CSV file is refused for its header, and for a dataset that does not exist",
    given: [dataset()],
    steps: [
      refused(CSV, csv(""), "CSV file must contain headers"),
      refused(CSV, csv("a, ,b\n1,2,3"), "CSV contains empty header names. All column headers must have a name."),
      refused(CSV, csv('"a'), "Failed to read CSV file"),
      { send: CSV, ...form({ file: "a\n1", dataset_id: "<unknown>" }), status: 404, errors: ["Dataset not found"] },
      { send: "GET /v1/private/datasets/<dataset>", status: 200, match: { dataset_items_count: 0, status: "unknown" } },
    ],
  },
  {
    name: "a form without its fields is refused",
    ours: "the texts are guessed",
    given: [dataset()],
    steps: [
      { send: CSV, ...form({ dataset_id: "<dataset>" }), status: 400, errors: ["file must not be null"] },
      { send: CSV, ...form({ file: "a\n1" }), status: 400, errors: ["dataset_id must not be null"] },
      refused(CSV, form({ file: "a\n1", dataset_id: "no" }), "HTTP 400 Bad Request"),
      refused(CSV, { headers: HEADERS, body: "no form" }, "HTTP 400 Bad Request"),
      {
        send: JSON_FILE,
        ...form({ file: "[{}]", dataset_id: "<dataset>" }),
        status: 400,
        errors: ["format must not be null"],
      },
      refused(JSON_FILE, json("[{}]", "xml"), "HTTP 400 Bad Request"),
      { send: CSV, body: {}, status: 415, message: "HTTP 415 Unsupported Media Type" },
      { send: JSON_FILE, body: {}, status: 415, message: "HTTP 415 Unsupported Media Type" },
    ],
  },
  {
    name: "objects of a JSON file become items, with what is theirs by name",
    given: [dataset(), newIds("item")],
    steps: [
      accepted(
        JSON_FILE,
        json(
          '[{"id":"<item>","source":"sdk","description":"one","tags":["b","a"],"question":"why?","n":1.50,' +
            '"evaluators":[{"name":"e","type":"llm_judge","config":{"x":1.0}}],"executionPolicy":{"runs_per_item":2,"pass_threshold":1}}]',
        ),
      ),
      ended("completed"),
      {
        send: `GET ${ITEMS}/<item>`,
        status: 200,
        json: item("<item>", {
          source: "sdk",
          description: "one",
          tags: inAnyOrder("a", "b"),
          data: { question: "why?", n: 1.5 },
          evaluators: [{ name: "e", type: "llm_judge", config: { x: 1 } }],
          execution_policy: { runs_per_item: 2, pass_threshold: 1 },
        }),
      },
    ],
  },
  {
    name: "each line of a JSONL file becomes an item",
    given: [dataset()],
    steps: [
      accepted(JSON_FILE, json('{"question":"first"}\n\n  {"question":"second","id":null}\r\n', "jsonl")),
      ended("completed"),
      {
        send: "GET /v1/private/datasets/<dataset>/items",
        status: 200,
        match: { total: 2, content: [{ data: { question: "second" } }, { data: { question: "first" } }] },
      },
    ],
  },
  {
    name: "a JSON file that is wrong after its beginning makes the dataset fail",
    given: [dataset()],
    steps: [
      accepted(JSON_FILE, json('[{"a":1},2]')),
      ended("failed"),
      accepted(JSON_FILE, json('[{"a":1}]')),
      ended("completed"),
      accepted(JSON_FILE, json('{"a":1}\n{"id":"no","a":2}', "jsonl")),
      ended("failed"),
      accepted(JSON_FILE, json('[{"a":1}]')),
      ended("completed"),
      accepted(JSON_FILE, json('[{"id":null}]')),
      ended("failed"),
      { send: "GET /v1/private/datasets/<dataset>/items", status: 200, match: { total: 2 } },
    ],
  },
  {
    name: "a JSON file is refused for its beginning, and for a dataset that does not exist",
    given: [dataset()],
    steps: [
      refused(JSON_FILE, json(" "), "JSON file is empty"),
      refused(JSON_FILE, json("{}"), "JSON file must contain a top-level array of objects"),
      refused(JSON_FILE, json("[ ]"), "JSON file contains no items"),
      refused(JSON_FILE, json("[1]"), "JSON array must contain only objects; first element is not an object"),
      refused(JSON_FILE, json("\n \n", "jsonl"), "JSON file contains no items"),
      refused(JSON_FILE, json("\n[]", "jsonl"), "JSONL first non-blank line must be a JSON object"),
      {
        send: JSON_FILE,
        ...json("{", "jsonl"),
        status: 400,
        message: /^First non-blank line is not valid JSON: /,
      },
      {
        send: JSON_FILE,
        ...form({ file: '[{"a":1}]', format: "JSON", dataset_id: "<unknown>" }),
        status: 404,
        errors: ["Dataset not found"],
      },
      { send: "GET /v1/private/datasets/<dataset>", status: 200, match: { dataset_items_count: 0, status: "unknown" } },
    ],
  },
];
