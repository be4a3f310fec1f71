import { describeDuration } from "../../core/durations.ts";
import type { Line } from "./lines.ts";
import type { Colour, Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";

/** A change of status of a job, run or command. */
export interface StatusChange {
  id: string;
  /** What people call it: `echo`. */
  name: string;
  status: string;
  /** The status before; absent when it is new. */
  from: string | undefined;
  /** Since when it waits for its turn, or when its turn may come, as far as it says so itself. */
  queuedAt: string | undefined;
  /** When its work began. */
  startedAt: string | undefined;
  /** Set when it has ended. */
  endedAt: string | undefined;
  error?: string | undefined;
  /** Text of this change alone, after the status: `, attempt 1 of 3 failed`. */
  note?: string;
  /** The end of each line of this tracked job, set when it is new: `, by cron`. */
  origin?: string;
}

/** What has happened to a thing that has not ended. */
interface TrackedJob {
  statuses: readonly string[];
  /** Since when it waits, or has waited, for its turn, in milliseconds since the epoch. */
  queuedAt: number | undefined;
  name: string;
  origin: string;
}

const COLOURS: Readonly<Record<string, Colour>> = {
  pending: "gray",
  queued: "gray",
  delayed: "gray",
  completed: "green",
  failed: "red",
  crashed: "red",
  system_failed: "red",
  dead_letter: "red",
  timed_out: "red",
  cancelled: "yellow",
  canceled: "yellow",
  expired: "yellow",
};

/** Statuses of waiting for execution. */
const QUEUES: ReadonlySet<string> = new Set(["pending", "queued", "delayed"]);
/** A shorter time in the queue is not shown, in milliseconds. */
const LONG_WAIT_MS = 1_000;

/**
 * Describes the progress of each job, run or command, with its statuses so far: `pending → running → completed 1.2 s`.
 */
export class StatusLines {
  readonly #kind: string;
  readonly #paint: Paint;
  readonly #now: () => number;
  readonly #stories = new Map<string, TrackedJob>();

  /**
   * @param kind begins each line: `job`
   * @param now milliseconds since the epoch
   */
  constructor(kind: string, paint: Paint, now: () => number) {
    this.#kind = kind;
    this.#paint = paint;
    this.#now = now;
  }

  /**
   * Returns the line for a change. Statuses from before this console are unknown, and a status that occurs for the
   * second time, as in another attempt, starts a new list.
   */
  describe(change: StatusChange): Line {
    const { id, name, status, from, endedAt, note = "" } = change;
    const before = this.#stories.get(id);
    const statuses = before?.statuses ?? (from === undefined ? [] : [from]);
    const isAgain = statuses.includes(status);
    const queuedAt = this.#queuedAt(change, before);
    const origin = change.origin ?? before?.origin ?? "";
    if (endedAt !== undefined) this.#stories.delete(id);
    else this.#stories.set(id, { statuses: isAgain ? [status] : [...statuses, status], queuedAt, name, origin });
    const shown = [...(isAgain ? statuses.slice(-1) : statuses), status];
    const arrows = shown.map((status) => this.#paint(COLOURS[status] ?? "cyan", status)).join(" → ");
    return {
      level: "info",
      text: `${this.#kind} ${shortId(id)} ${onOneLine(name)}: ${arrows}${note}${describeEnd(change, queuedAt)}${origin}`,
      trackedJob: { key: `${this.#kind} ${id}`, isIntermediate: endedAt === undefined && note === "" && !isAgain },
    };
  }

  /** The name of a tracked job that has not ended; `undefined` for others. */
  nameOf(id: string): string | undefined {
    return this.#stories.get(id)?.name;
  }

  /** Forgets all tracked jobs: later changes start new lists, also for the same ids. */
  forget(): void {
    this.#stories.clear();
  }

  #queuedAt({ status, from, queuedAt }: StatusChange, before: TrackedJob | undefined): number | undefined {
    const reportedAt = queuedAt === undefined ? undefined : Date.parse(queuedAt);
    if (from !== undefined && QUEUES.has(status)) return Math.max(this.#now(), reportedAt ?? 0);
    return before?.queuedAt ?? reportedAt;
  }
}

/** How long the work took, how long it waited for it, and why it failed. */
function describeEnd({ from, startedAt, endedAt, error }: StatusChange, queuedAt: number | undefined): string {
  if (endedAt === undefined) return "";
  const end = Date.parse(endedAt);
  // A run that ends in the queue has not started; its `started_at` is that of an earlier attempt.
  const start = startedAt === undefined || QUEUES.has(from ?? "") ? undefined : Date.parse(startedAt);
  const waited = queuedAt === undefined ? 0 : (start ?? end) - queuedAt;
  const [reason] = error?.split("\n") ?? [];
  return [
    start === undefined ? "" : ` ${describeDuration(end - start)}`,
    waited > LONG_WAIT_MS ? ` after ${describeDuration(waited)} in the queue` : "",
    reason === undefined ? "" : ` (${onOneLine(reason)})`,
  ].join("");
}
