/**
 * A part of a list, and how many rows it has. Lists with page numbers keep a table of such counts, written by triggers:
 * it gives the total, and the block in which a page begins, without reading the rows that the page skips.
 */
export interface Block<Key = number> {
  /** Blocks with smaller keys have the rows with smaller keys. */
  block: Key;
  count: number;
}

/** The number of rows in all blocks. */
export function totalOf(blocks: ReadonlyArray<Block<unknown>>): number {
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

/**
 * Finds the row at an offset of a list with the greatest key first.
 * @param blocks in any order; those with one key count together
 * @returns its block, and how many rows of the block and those after it in the list are before it; `undefined` when the
 *   list ends before
 */
export function placeOf<Key extends number | string>(
  blocks: ReadonlyArray<Block<Key>>,
  offset: number,
): { block: Key; skip: number } | undefined {
  let before = 0;
  let start: { block: Key; before: number } | undefined;
  for (const { block, count } of blocks.toSorted((a, b) => (a.block < b.block ? 1 : -1))) {
    if (block !== start?.block) start = { block, before };
    before += count;
    if (offset < before) return { block, skip: offset - start.before };
  }
  return undefined;
}
