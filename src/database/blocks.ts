import type { Database } from "./database.ts";
import { Search } from "./search.ts";
import { type Sql, sql } from "./sql.ts";
import type { Statement } from "./statement.ts";

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

/** The tables that count the rows of a list by how their ids begin. */
export interface BlockTables {
  /** Counts blocks: those of a list are few, and all of them are read for its total. */
  blocks: string;
  /** Counts the parts of blocks, by longer beginnings: those of one block are read. */
  parts: string;
}

/** How many characters the beginnings of the ids of a block and of a part have: about 17 minutes, and 4 seconds. */
const [BLOCK_LENGTH, PART_LENGTH] = [7, 10];

/** A row that is counted. */
export interface CountedRow {
  workspace: string;
  project_id: string;
  id: string;
}

/** Counts the rows of projects whose ids contain the time, and finds the row at an offset of them. */
export class IdBlocks {
  readonly #database: Database;
  readonly #blocks: Search<Block<string>>;
  readonly #parts: Search<Block<string>>;
  readonly #add;

  constructor(database: Database, tables: BlockTables) {
    this.#database = database;
    this.#blocks = new Search(database, "block, count", tables.blocks);
    this.#parts = new Search(database, "block, count", tables.parts);
    const add = (table: string): Statement<[string, string, string, number], unknown> =>
      database.prepare(
        `INSERT INTO ${table} VALUES (?, ?, ?, ?)
         ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + excluded.count`,
      );
    this.#add = { blocks: add(tables.blocks), parts: add(tables.parts) };
  }

  /** Counts rows that were inserted in the open transaction; deletions and moves are counted by triggers. */
  add(rows: readonly CountedRow[]): void {
    this.#database.requireTransaction();
    for (const counted of countedBy(rows, BLOCK_LENGTH)) this.#add.blocks.run(...counted);
    for (const counted of countedBy(rows, PART_LENGTH)) this.#add.parts.run(...counted);
  }

  /**
   * Finds the row at an offset of a list with the newest id first.
   * @param counted the conditions of the list on the tables of blocks
   * @returns how many rows the list has, and where the row is: how many rows after a text that is greater than their
   *   ids; `undefined` when the list ends before
   */
  find(
    counted: readonly Sql[],
    offset: number,
  ): { total: number; place: { before: string; skip: number } | undefined } {
    const blocks = this.#blocks.where(counted);
    const total = totalOf(blocks);
    const inBlocks = placeOf(blocks, offset);
    if (inBlocks === undefined) return { total, place: undefined };
    const { block } = inBlocks;
    const parts = this.#parts.where([...counted, sql`block >= ${block}`, sql`block < ${afterAll(block)}`]);
    const inParts = placeOf(parts, inBlocks.skip);
    if (inParts === undefined) return { total, place: undefined };
    return { total, place: { before: afterAll(inParts.block), skip: inParts.skip } };
  }
}

/** How many of the rows are of each workspace and project with each beginning of their ids. */
function countedBy(rows: readonly CountedRow[], length: number): Iterable<[string, string, string, number]> {
  const counts = new Map<string, [string, string, string, number]>();
  for (const { workspace, project_id, id } of rows) {
    const block = id.slice(0, length);
    const key = `${block} ${project_id} ${workspace}`;
    const count = counts.get(key);
    if (count === undefined) counts.set(key, [workspace, project_id, block, 1]);
    else count[3] += 1;
  }
  return counts.values();
}

/** A text that comes after all ids that begin so. */
function afterAll(beginning: string): string {
  return `${beginning}~`;
}
