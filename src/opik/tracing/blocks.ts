import type { BlockTables } from "../../database/blocks.ts";

/** The tables that count the traces and the spans of projects. Every store that inserts such rows counts them. */
export const TRACE_BLOCKS: BlockTables = { blocks: "trace_blocks", parts: "trace_block_parts" };
export const SPAN_BLOCKS: BlockTables = { blocks: "span_blocks", parts: "span_block_parts" };
