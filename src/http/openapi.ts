import { type ConversionConfig, toJsonSchema } from "@valibot/to-json-schema";
import { type GenericSchema, getMetadata } from "valibot";
import type { Api, Operation } from "./route.ts";

/** A JSON object of the document. */
type Json = Record<string, unknown>;

/**
 * Describes route tables as an OpenAPI 3.1 document. The schemas are the ones that check the requests, so the document
 * always matches the server.
 */
export function toOpenApi(
  info: { title: string; version: string; description: string },
  apis: ReadonlyArray<Pick<Api, "routes" | "errors">>,
): Json {
  const paths: Record<string, Json> = {};
  const responses: Json = {};
  for (const { routes, errors } of apis) {
    if (errors !== undefined) {
      responses[errors.name] = { description: "An error", content: jsonContent(errors.schema, "output") };
    }
    for (const route of routes) {
      if (route.isDeclined) continue;
      const path = route.path.replaceAll(/:(\w+)/g, "{$1}");
      const item = (paths[path] ??= {});
      item[route.method.toLowerCase()] = toOperation(route.operation, errors?.name);
    }
  }
  return { openapi: "3.1.0", info, paths, components: { responses } };
}

function toOperation(operation: Operation, errorName: string | undefined): Json {
  const others = errorName === undefined ? {} : { default: { $ref: `#/components/responses/${errorName}` } };
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.parameters?.length ? { parameters: operation.parameters } : {}),
    ...(operation.request === undefined ? {} : { requestBody: { content: jsonContent(operation.request, "input") } }),
    responses: { ...responsesOf(operation), ...others },
  };
}

function responsesOf({ responses, streams }: Operation): Json {
  const entries = Object.entries(responses).map(([status, schema]) => {
    const content =
      schema === undefined ? {} : { content: jsonContent(schema, "output", streams ? STREAM : JSON_TYPE) };
    return [status, { description: STATUS_TEXTS[status] ?? "Answer", ...content }];
  });
  return Object.fromEntries(entries) as Json;
}

const STATUS_TEXTS: Readonly<Record<string, string>> = { 200: "OK", 201: "Created", 204: "No content" };

const [JSON_TYPE, STREAM] = ["application/json", "application/octet-stream"] as const;

function jsonContent(schema: GenericSchema, typeMode: TypeMode, mediaType: string = JSON_TYPE): Json {
  return { [mediaType]: { schema: convert(schema, typeMode) } };
}

type TypeMode = "input" | "output";

function convert(schema: GenericSchema, typeMode: TypeMode): Json {
  const { $schema: _, ...converted } = toJsonSchema(schema, conversion(typeMode));
  return converted;
}

/**
 * Values with custom rules carry their JSON Schema in their metadata, and required fields are marked there (see
 * `opik/wire/values.ts`): to valibot they are optional fields with a check.
 */
function conversion(typeMode: TypeMode): ConversionConfig {
  return {
    typeMode,
    errorMode: "ignore",
    overrideAction: ({ valibotAction, jsonSchema }) => {
      if (valibotAction.type !== "metadata") return undefined;
      // The converter copies the metadata as if they were keywords.
      const { jsonSchema: own, required, shape: _, ...rest } = jsonSchema as object as Json & Metadata;
      return { ...(required ? withoutNull(rest) : rest), ...own };
    },
    overrideSchema: ({ valibotSchema, jsonSchema }) => {
      const schema = valibotSchema as GenericSchema;
      if (isMap(schema)) return { type: "object", additionalProperties: convert(schema.value, typeMode) };
      if (!isObject(schema)) return jsonSchema;
      const required = Object.keys(schema.entries).filter((name) => isRequired(schema.entries[name]));
      const { required: _, ...rest } = jsonSchema;
      return required.length === 0 ? rest : { ...rest, required };
    },
  };
}

interface Metadata {
  jsonSchema?: object;
  required?: boolean;
  shape?: "text";
}

/** The schema of a required field: without `null` and without the value that stands for a missing one. */
function withoutNull(jsonSchema: Json): Json {
  const { default: _, anyOf, ...rest } = jsonSchema;
  const others = Array.isArray(anyOf) ? (anyOf as Json[]).filter(({ type }) => type !== "null") : [];
  return others.length === 1 ? { ...rest, ...others[0] } : jsonSchema;
}

function isMap(schema: GenericSchema): schema is GenericSchema & { value: GenericSchema } {
  return schema.type === "map";
}

function isObject(schema: GenericSchema): schema is GenericSchema & { entries: Record<string, GenericSchema> } {
  return schema.type === "object";
}

function isRequired(entry: GenericSchema | undefined): boolean {
  if (entry === undefined) return false;
  const { required } = getMetadata(entry) as Metadata;
  return required ?? !["optional", "exact_optional", "nullish"].includes(entry.type);
}
