import type { FieldPath } from "./wrong-answers.ts";

/** A JSON Schema, as far as the document of this server uses it. */
interface Schema {
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  anyOf?: readonly Schema[];
}

interface Operation {
  responses: Readonly<Record<string, { content?: Readonly<Record<string, { schema: Schema }>> }>>;
}

/** The OpenAPI document, as far as it is read here. */
export interface Document {
  paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A field of a resource. */
export interface Field {
  name: string;
  /** The names of all fields of the resource, in order: by them a resource is known in the answers of all operations. */
  resource: readonly string[];
}

/** A field in an answer, and where it is there. */
export interface FoundField extends Field {
  path: FieldPath;
}

interface NamedOperation {
  /** Method and path, as the document writes them. */
  name: string;
  pattern: RegExp;
  operation: Operation;
}

/** Our own endpoints are on no real server, and have tests of their own (`test/admin`). */
const OURS = /^\/(?:__local\/|(?:openapi\.json|metrics)$)/;

/** The operations that conformance cases are about, as the server's own document describes them. */
export class Operations {
  readonly #operations: readonly NamedOperation[];

  constructor(document: Document) {
    const paths = Object.entries(document.paths).filter(([path]) => !OURS.test(path));
    this.#operations = paths
      // "{" comes after all letters: a literal path wins over a parameter.
      .toSorted(([one], [other]) => (one < other ? -1 : 1))
      .flatMap(([path, methods]) =>
        Object.entries(methods).map(([method, operation]) => ({
          name: `${method.toUpperCase()} ${path}`,
          pattern: new RegExp(`^${method.toUpperCase()} ${path.replaceAll(/\{\w+\}/g, "[^/]+")}/?(?:\\?|$)`),
          operation,
        })),
      );
  }

  get names(): string[] {
    return this.#operations.map(({ name }) => name);
  }

  /** The name of the operation of a request; `undefined` for what is no operation. */
  nameOf(request: string): string | undefined {
    return this.#find(request)?.name;
  }

  /** Every field that an answer of success can have. */
  fields(): Field[] {
    return this.#operations.flatMap(({ operation }) =>
      Object.keys(operation.responses).flatMap((status) => fieldsOf(schemaOf(operation, status))),
    );
  }

  /** The fields of one answer. */
  fieldsIn(request: string, status: number, json: unknown): FoundField[] {
    const operation = this.#find(request)?.operation;
    return operation === undefined ? [] : fieldsIn(schemaOf(operation, String(status)), json, []);
  }

  /** Fields of one answer that the document does not know, where it says which there are. */
  surplusIn(request: string, status: number, json: unknown): string[] {
    const operation = this.#find(request)?.operation;
    return operation === undefined ? [] : surplusIn(schemaOf(operation, String(status)), json);
  }

  #find(request: string): NamedOperation | undefined {
    return this.#operations.find(({ pattern }) => pattern.test(request));
  }
}

function surplusIn({ properties, items, anyOf }: Schema, json: unknown): string[] {
  if (typeof json !== "object" || json === null || anyOf !== undefined) return [];
  if (Array.isArray(json)) return items === undefined ? [] : json.flatMap((entry) => surplusIn(items, entry));
  if (properties === undefined) return [];
  return Object.entries(json).flatMap(([name, field]) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined;
    return schema === undefined ? [name] : surplusIn(schema, field);
  });
}

/**
 * Whether two resources are one, the other with more: a run and the run that a spawn answers with.
 * Small ones such as `{status}` are like too many others.
 */
export function areAlike(one: readonly string[], other: readonly string[]): boolean {
  const [smaller, larger] = one.length < other.length ? [one, other] : [other, one];
  return smaller.every((name) => larger.includes(name)) && (smaller.length >= 4 || smaller.length === larger.length);
}

function schemaOf({ responses }: Operation, status: string): Schema {
  const success = status.startsWith("2");
  return (success ? responses[status]?.content?.["application/json"]?.schema : undefined) ?? {};
}

function fieldsOf({ properties = {}, items, anyOf = [] }: Schema): Field[] {
  const resource = Object.keys(properties).toSorted();
  return [
    ...Object.entries(properties).flatMap(([name, field]) => [{ name, resource }, ...fieldsOf(field)]),
    ...[...(items === undefined ? [] : [items]), ...anyOf].flatMap(fieldsOf),
  ];
}

function fieldsIn({ properties = {}, items, anyOf = [] }: Schema, json: unknown, path: FieldPath): FoundField[] {
  if (typeof json !== "object" || json === null) return [];
  const resource = Object.keys(properties).toSorted();
  const present = Object.entries(properties).filter(([name]) => Object.hasOwn(json, name));
  return [
    ...present.flatMap(([name, field]) => {
      const here = [...path, name];
      return [{ name, resource, path: here }, ...fieldsIn(field, json[name as keyof typeof json], here)];
    }),
    ...(Array.isArray(json) ? json : []).flatMap((entry, index) => fieldsIn(items ?? {}, entry, [...path, index])),
    ...anyOf.flatMap((alternative) => fieldsIn(alternative, json, path)),
  ];
}
