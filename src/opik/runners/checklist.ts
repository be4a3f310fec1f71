import { rawFields, RawJson, stringifyJson } from "../../core/json.ts";

/** Objects nested deeper than this are replaced as a whole [opik 2.5]. */
const MERGE_DEPTH = 10;

/**
 * Merges a patch into a checklist as the real server does: objects are merged, everything else is
 * replaced, and `null` overwrites with `null`. Values keep their own text.
 * @param current the stored checklist, `undefined` before the first patch, which is stored as it is
 * @param patch a JSON object
 */
export function mergeChecklist(current: RawJson | undefined, patch: RawJson): RawJson {
  return current === undefined ? patch : merge(current, patch, 0);
}

function merge(current: RawJson, patch: RawJson, depth: number): RawJson {
  if (!current.isObject || !patch.isObject || depth > MERGE_DEPTH) return patch;
  const merged = rawFields(current.text);
  for (const [key, value] of rawFields(patch.text)) {
    const existing = merged.get(key);
    merged.set(key, existing === undefined ? value : merge(existing, value, depth + 1));
  }
  return new RawJson(stringifyJson(merged));
}
