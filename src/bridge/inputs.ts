import { rawFields, RawJson, stringifyJson } from "../core/json.ts";

/** The input with the token of the run, if the job asks for it. */
const TOKEN_INPUT = "OPIK_LOCAL_RUN_TOKEN";

/**
 * An agent's inputs: the run's payload, with the token when there is one.
 * @param payload JSON text; `null` for none
 * @returns `undefined` for a payload that is no object
 */
export function toInputs(payload: string | null, token: string | undefined): RawJson | undefined {
  const given = new RawJson(payload ?? "{}");
  if (!given.isObject) return undefined;
  if (token === undefined) return given;
  const inputs = rawFields(given.text);
  return new RawJson(stringifyJson(inputs.set(TOKEN_INPUT, RawJson.of(token))));
}
