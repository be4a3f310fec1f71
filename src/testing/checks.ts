import { didYouMean } from "../core/did-you-mean.ts";

/**
 * Refuses unknown names, which would be ignored otherwise.
 * @param what `option of startOpikLocal`
 * @throws Error with the unknown name, the known name that is most similar, and all known names
 */
export function checkNames(given: Iterable<string>, known: readonly string[], what: string): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new Error(`There is no ${what} "${name}".${didYouMean(name, known)} There are ${known.join(", ")}.`);
  }
}
