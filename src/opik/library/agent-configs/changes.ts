import { type ConfigValue, shortened } from "./schema.ts";

/** The values in `after` that are not the same in `before`. */
export function changedValues(before: readonly ConfigValue[], after: readonly ConfigValue[]): ConfigValue[] {
  const old = new Map(before.map((value) => [value.key, value]));
  return after.filter((value) => {
    const known = old.get(value.key);
    return known === undefined || known.value !== value.value || known.type !== value.type;
  });
}

/**
 * The default description of a blueprint: what it changes [opik 9.3]: `Added a, b. Modified c to 2. Removed d`
 * @returns `undefined` when nothing is different
 */
export function describeChanges(before: readonly ConfigValue[], after: readonly ConfigValue[]): string | undefined {
  const known = new Set(before.map(({ key }) => key));
  const kept = new Set(after.map(({ key }) => key));
  const changed = changedValues(before, after);
  const added = changed.filter(({ key }) => !known.has(key)).map(({ key }) => key);
  const modified = changed.filter(({ key }) => known.has(key)).map(({ key, value }) => `${key} to ${value ?? ""}`);
  const removed = before.filter(({ key }) => !kept.has(key)).map(({ key }) => key);
  const parts = [
    ["Added", added],
    ["Modified", modified],
    ["Removed", removed],
  ] as const;
  const sentences = parts.filter(([, keys]) => keys.length > 0).map(([verb, keys]) => `${verb} ${keys.join(", ")}`);
  return sentences.length === 0 ? undefined : shortened(sentences.join(". "));
}

/** The values of a blueprint with those of a mask in their place, and its further ones behind them. */
export function masked(values: readonly ConfigValue[], mask: readonly ConfigValue[]): ConfigValue[] {
  const merged = new Map(values.map((value) => [value.key, value]));
  for (const value of mask) merged.set(value.key, value);
  return [...merged.values()];
}
