import { rawFields, RawJson } from "../../core/json.ts";

/**
 * The metadata of a record as answers show it: with its providers as the first key [opik 7.2, 7.3].
 * @param value `undefined` changes nothing; metadata that is no object, which the real server loses, is not changed either
 */
export function withFirstField(
  metadata: RawJson | undefined,
  name: string,
  value: string | readonly string[] | undefined,
): RawJson | undefined {
  const own = metadata?.isNull ? undefined : metadata;
  if (value === undefined) return metadata;
  if (own?.isObject === false) return metadata;
  const fields = rawFields(own?.text ?? "{}");
  return RawJson.of(new Map([[name, RawJson.of(value)], ...fields]));
}
