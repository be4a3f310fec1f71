export const RUN_STATUSES = [
  "delayed",
  "queued",
  "dequeued",
  "executing",
  "waiting",
  "paused",
  "replay_staged",
  "completed",
  "failed",
  "timed_out",
  "crashed",
  "system_failed",
  "canceled",
  "expired",
  "dead_letter",
] as const;
export type RunStatus = (typeof RUN_STATUSES)[number];

/**
 * The allowed changes of status [strait 3.4]. The real server's table lacks `waiting` to `queued`, which is why its
 * runs do not resume after most waits [strait 3.5]; here it is an ordinary change.
 */
export const TRANSITIONS: Readonly<Record<RunStatus, readonly RunStatus[]>> = {
  delayed: ["queued", "canceled", "expired"],
  queued: ["dequeued", "executing", "canceled", "expired"],
  dequeued: ["executing", "queued", "canceled", "system_failed"],
  executing: [
    "completed",
    "failed",
    "timed_out",
    "crashed",
    "canceled",
    "waiting",
    "queued",
    "system_failed",
    "dead_letter",
    "paused",
  ],
  waiting: ["executing", "queued", "completed", "failed", "canceled", "timed_out"],
  paused: ["queued", "canceled"],
  dead_letter: ["queued", "replay_staged"],
  replay_staged: ["queued", "canceled"],
  completed: [],
  failed: [],
  timed_out: [],
  crashed: [],
  system_failed: [],
  canceled: [],
  expired: [],
};

const TERMINAL: ReadonlySet<RunStatus> = new Set([
  "completed",
  "failed",
  "timed_out",
  "crashed",
  "system_failed",
  "canceled",
  "expired",
  "dead_letter",
]);

/** Whether a run in this status has ended. A `dead_letter` can be brought back by its owner. */
export function isTerminal(status: RunStatus): boolean {
  return TERMINAL.has(status);
}

/** Of runs that have not ended. */
export const UNFINISHED_STATUSES: readonly RunStatus[] = RUN_STATUSES.filter((status) => !isTerminal(status));

/** Whether a run may go from one status to another; staying where it is is always allowed. */
export function canMove(from: RunStatus, to: RunStatus): boolean {
  return from === to || TRANSITIONS[from].includes(to);
}

export function isRunStatus(text: string): text is RunStatus {
  return RUN_STATUSES.some((status) => status === text);
}
