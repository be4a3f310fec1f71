/** A row of any table, by its columns. */
export type Row = Readonly<Record<string, string | number | null>>;

/** What belongs to a job. */
export const JOB_PARTS = ["versions", "memory"] as const;
/** What belongs to a run. */
export const RUN_PARTS = [
  "attempts",
  "events",
  "checkpoints",
  "state",
  "outputs",
  "usage",
  "tool_calls",
  "iterations",
  "resources",
  "event_triggers",
] as const;
export type PartName = (typeof JOB_PARTS)[number] | (typeof RUN_PARTS)[number];

/** Rows that belong to a job or a run, in order. Rows to restore need no ids and no owner. */
export type Parts<Name extends PartName> = Record<Name, Row[]>;
export type JobParts = Parts<(typeof JOB_PARTS)[number]>;
export type RunParts = Parts<(typeof RUN_PARTS)[number]>;
