/** A list that may be too long for the memory: it is read a part at a time, as it is written. */
export class LongList<Item> implements Iterable<Item> {
  /** Reads the list from its beginning, in parts that fit into the memory. */
  readonly parts: () => Iterable<readonly Item[]>;

  constructor(parts: () => Iterable<readonly Item[]>) {
    this.parts = parts;
  }

  *[Symbol.iterator](): Generator<Item, void> {
    for (const part of this.parts()) yield* part;
  }

  /** The list of what `change` makes of the items. */
  map<Changed>(change: (item: Item) => Changed): LongList<Changed> {
    return this.mapParts((part) => part.map(change));
  }

  /** The list of all that `change` makes of the items. */
  flatMap<Changed>(change: (item: Item) => readonly Changed[]): LongList<Changed> {
    return this.mapParts((part) => part.flatMap(change));
  }

  /** The list of those items that are `wanted`. */
  filter(wanted: (item: Item) => boolean): LongList<Item> {
    return this.mapParts((part) => part.filter(wanted));
  }

  /** The list of what `change` makes of the items that are read at once. */
  mapParts<Changed>(change: (part: readonly Item[]) => readonly Changed[]): LongList<Changed> {
    const { parts } = this;
    return new LongList(function* () {
      for (const part of parts()) yield change(part);
    });
  }
}

/** Whether a value is a list: an array, or one that is read as it is written. */
export function isList(value: unknown): value is readonly unknown[] | LongList<unknown> {
  return Array.isArray(value) || value instanceof LongList;
}
