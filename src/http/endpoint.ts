import type { GenericSchema } from "valibot";
import type { Method, Operation } from "./route.ts";

/**
 * How both APIs define endpoints. Each API has its own order of checks and its own errors (`opik/wire/route.ts`,
 * `strait/wire/route.ts`).
 */

/** A path or query parameter: how it is read and how it is documented. */
export interface Parameter<Value, Sent> {
  schema: object;
  required: boolean;
  /**
   * @param sent what the request has under this name
   * @throws the API's own error when it cannot be parsed
   */
  read(sent: Sent, name: string): Value;
}

/** Parameters by name. */
export type Parameters<Sent> = Readonly<Record<string, Parameter<unknown, Sent>>>;

/** The values of such parameters. */
export type ValuesOf<P extends Parameters<never>> = {
  readonly [Name in keyof P]: P[Name] extends Parameter<infer Value, never> ? Value : never;
};

/** The definition of an endpoint: what its requests must be, and its OpenAPI description. */
export interface Endpoint<Path extends Parameters<never>, Query extends Parameters<never>, Body> {
  method: Method;
  path: string;
  id: string;
  tag: string;
  summary: string;
  pathParameters?: Path;
  query?: Query;
  body?: GenericSchema<unknown, Body>;
  /** Its answer of success is a stream of lines, with one JSON object on each. */
  streams?: boolean;
  responses: Operation["responses"];
}

/** Returns the OpenAPI operation of an endpoint. */
export function operationOf<Body>(endpoint: Endpoint<Parameters<never>, Parameters<never>, Body>): Operation {
  const { id, tag, summary, pathParameters, query, body, streams = false, responses } = endpoint;
  const parameters = [...describe("path", pathParameters), ...describe("query", query)];
  return { id, tag, summary, parameters, request: body as GenericSchema | undefined, streams, responses };
}

function describe(place: "path" | "query", parameters: Parameters<never> = {}): NonNullable<Operation["parameters"]> {
  return Object.entries(parameters).map(([name, { schema, required }]) => ({ name, in: place, required, schema }));
}

/** Reads the parameters of a request, in the order of their definition. */
export type ParameterReader<Sent, P extends Parameters<never>> = (sentOf: (name: string) => Sent) => ValuesOf<P>;

/** Creates the reader of these parameters. It is given what a request has under each name. */
export function createParameterReader<Sent, P extends Parameters<Sent>>(
  parameters: P | undefined,
): ParameterReader<Sent, P> {
  const all = Object.entries<Parameter<unknown, Sent>>(parameters ?? {});
  return (sentOf) => {
    const values: Record<string, unknown> = {};
    for (const [name, parameter] of all) values[name] = parameter.read(sentOf(name), name);
    return values as ValuesOf<P>;
  };
}
