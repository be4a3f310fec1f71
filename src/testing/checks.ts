import { didYouMean } from "../core/did-you-mean.ts";

/**
 * Refuses names that are not known: they would be ignored otherwise, or never come.
 * @param what `option of startOpikLocal`
 * @throws Error that names the unknown one, the one that may have been meant, and all that there are
 */
export function checkNames(given: Iterable<string>, known: readonly string[], what: string): void {
  for (const name of given) {
    if (known.includes(name)) continue;
    throw new Error(`There is no ${what} "${name}".${didYouMean(name, known)} There are ${known.join(", ")}.`);
  }
}
