/** What stands for any number of items in a pattern. */
export const MANY = Symbol("many");

/**
 * Whether items are as a pattern says, in which `MANY` stands for any number of them. Takes time in proportion to the
 * product of both lengths at most, unlike a regular expression, which a pattern of many stars keeps busy for ever.
 * @param isAs whether an item is as one of the pattern
 */
export function matchesWildcards<Item, Wanted>(
  items: ArrayLike<Item>,
  pattern: ReadonlyArray<Wanted | typeof MANY>,
  isAs: (item: Item, wanted: Wanted) => boolean,
): boolean {
  let [at, place] = [0, 0];
  /** The place after the last `MANY`, and the item at which the rest was tried last. */
  let [afterMany, triedAt] = [-1, 0];
  while (at < items.length) {
    const wanted = pattern[place];
    if (wanted === MANY) {
      place += 1;
      [afterMany, triedAt] = [place, at];
    } else if (place < pattern.length && isAs(items[at] as Item, wanted as Wanted)) {
      at += 1;
      place += 1;
    } else if (afterMany === -1) return false;
    else {
      triedAt += 1;
      [at, place] = [triedAt, afterMany];
    }
  }
  while (pattern[place] === MANY) place += 1;
  return place === pattern.length;
}

/** The characters of a pattern, with `MANY` for each star. */
export function readStars(pattern: string): Array<string | typeof MANY> {
  return pattern.split("").map((character) => (character === "*" ? MANY : character));
}
