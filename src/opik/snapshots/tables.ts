import type { BlockTables } from "../../database/blocks.ts";
import { SPAN_BLOCKS, TRACE_BLOCKS } from "../tracing/blocks.ts";

/** A row of any table, by its columns. */
export type Row = Readonly<Record<string, string | number | null>>;

export interface SnapshotTable {
  name: string;
  /** The columns that tell the rows of one owner apart, as an index has them behind the owner's. */
  key: readonly string[];
  /** Columns in which rows that belong to nothing are unique besides their id. */
  unique?: readonly string[];
  /** What one of them is called in messages. */
  label: string;
  /** Columns that triggers keep: no part of a snapshot. */
  kept?: readonly string[];
  /** The tables that count its rows. */
  blocks?: BlockTables;
}

const BY_ID = { key: ["workspace", "id"] };
const OF_PROJECT = ["workspace", "project_id"];

/** The tables of snapshots. */
export const SNAPSHOT_TABLES = {
  environments: { ...BY_ID, name: "environments", unique: ["workspace", "name"], label: "environment" },
  prompts: { ...BY_ID, name: "prompts", unique: [...OF_PROJECT, "name_key"], label: "prompt" },
  prompt_versions: {
    name: "prompt_versions",
    key: ["commit_hash"],
    label: "version of a prompt",
  },
  prompt_environments: {
    name: "prompt_environments",
    key: ["environment"],
    label: "environment of a prompt",
  },
  blueprints: { ...BY_ID, name: "agent_blueprints", unique: [...OF_PROJECT, "number"], label: "blueprint" },
  blueprint_environments: {
    name: "agent_environments",
    key: ["name"],
    label: "environment of a blueprint",
  },
  datasets: { ...BY_ID, name: "datasets", unique: [...OF_PROJECT, "name_key"], label: "dataset" },
  dataset_versions: { name: "dataset_versions", key: ["number"], label: "version of a dataset" },
  dataset_version_tags: {
    name: "dataset_version_tags",
    key: ["tag"],
    label: "tag of a version of a dataset",
  },
  dataset_items: {
    name: "dataset_items",
    key: ["item_id", "first_version"],
    label: "item of a dataset",
  },
  traces: { ...BY_ID, name: "traces", label: "trace", blocks: TRACE_BLOCKS },
  spans: { ...BY_ID, name: "spans", label: "span", blocks: SPAN_BLOCKS },
  feedback_scores: { name: "feedback_scores", key: ["name", "author"], label: "feedback score" },
  comments: { name: "comments", key: ["id"], label: "comment" },
  assertion_results: { name: "assertion_results", key: ["name"], label: "result of an assertion" },
  threads: {
    ...BY_ID,
    name: "trace_threads",
    unique: [...OF_PROJECT, "thread_id"],
    label: "thread",
    kept: ["has_traces"],
  },
  experiments: { ...BY_ID, name: "experiments", label: "experiment" },
  experiment_items: {
    name: "experiment_items",
    key: ["id"],
    label: "item of an experiment",
  },
  optimizations: { ...BY_ID, name: "optimizations", label: "optimization" },
  annotation_queues: { ...BY_ID, name: "annotation_queues", label: "annotation queue" },
  annotation_queue_items: {
    name: "annotation_queue_items",
    key: ["item_id"],
    label: "item of an annotation queue",
  },
  feedback_definitions: {
    ...BY_ID,
    name: "feedback_definitions",
    unique: ["workspace", "name_key"],
    label: "feedback definition",
  },
  dashboards: { ...BY_ID, name: "dashboards", unique: ["workspace", "slug"], label: "dashboard" },
} as const satisfies Record<string, SnapshotTable>;

export type SnapshotTableName = keyof typeof SNAPSHOT_TABLES;

/** The tables whose rows belong to nothing but a project: the records of a snapshot. */
export type RecordTableName =
  | "environments"
  | "prompts"
  | "blueprints"
  | "datasets"
  | "traces"
  | "threads"
  | "spans"
  | "optimizations"
  | "experiments"
  | "feedback_definitions"
  | "annotation_queues"
  | "dashboards";
