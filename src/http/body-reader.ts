import * as v from "valibot";
import { readInOrder } from "./body-order.ts";
import type { BodyCheck } from "./ignored-fields.ts";
import type { RequestEvent } from "./request-event.ts";

/** Reads and checks the body of a request. */
export type BodyReader<Body> = (event: RequestEvent) => Promise<Body>;

/**
 * Creates the reader of one route's body.
 * @param parse reads and parses the body; throws the API's own errors
 * @param checked what `createBodyCheck` made
 */
export function createCheckedReader<Body>(
  parse: (event: RequestEvent) => Promise<unknown>,
  checked: (parsed: unknown) => Body,
): BodyReader<Body> {
  return async (event) => checked(await readInOrder(event, () => parse(event)));
}

/**
 * Creates the last step of reading a body: what is parsed is checked against its schema.
 * @param check called with each body before that
 * @param toError makes the API's own error of what the schema refuses
 */
export function createBodyCheck<Body>(
  schema: v.GenericSchema<unknown, Body>,
  check: BodyCheck,
  toError: (issues: ReadonlyArray<v.BaseIssue<unknown>>) => Error,
): (parsed: unknown) => Body {
  return (parsed) => {
    check(parsed);
    const result = v.safeParse(schema, parsed);
    if (result.success) return result.output;
    throw toError(result.issues);
  };
}
