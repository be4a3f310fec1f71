import { describeDuration } from "../../core/durations.ts";
import type { Line } from "./lines.ts";
import type { Colour, Paint } from "./log.ts";
import { onOneLine, shortId } from "./short.ts";

/** A thing that goes through statuses, as one change of status tells of it. */
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
  /** What only this change says, right behind the status: `, attempt 1 of 3 failed`. */
  note?: string;
  /** What each line of its trackedJob ends with, said when it is new: `, by cron`. */
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

/** In these a thing waits for its turn. */
const QUEUES: ReadonlySet<string> = new Set(["pending", "queued", "delayed"]);
/** A shorter time in the queue is not worth a word. */
const LONG_WAIT_MS = 1_000;

/** Tells how each thing of a kind goes, with the statuses it has had: `pending → running → completed 1.2 s`. */
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
   * The line for a change. What began before this console did is told from where it is found, and what has a
   * status for the second time, as with another attempt, begins its trackedJob anew.
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

  /** The name of a thing whose trackedJob goes on; `undefined` for others. */
  nameOf(id: string): string | undefined {
    return this.#stories.get(id)?.name;
  }

  /** All stories end: what comes is new, whatever its id. */
  forget(): void {
    this.#stories.clear();
  }

  #queuedAt({ status, from, queuedAt }: StatusChange, before: TrackedJob | undefined): number | undefined {
    const told = queuedAt === undefined ? undefined : Date.parse(queuedAt);
    if (from !== undefined && QUEUES.has(status)) return Math.max(this.#now(), told ?? 0);
    return before?.queuedAt ?? told;
  }
}

/** How long the work took, how long it waited for it, and why it failed. */
function describeEnd({ from, startedAt, endedAt, error }: StatusChange, queuedAt: number | undefined): string {
  if (endedAt === undefined) return "";
  const end = Date.parse(endedAt);
  // What ends in the queue has not begun; a start it tells of is that of an attempt before.
  const start = startedAt === undefined || QUEUES.has(from ?? "") ? undefined : Date.parse(startedAt);
  const waited = queuedAt === undefined ? 0 : (start ?? end) - queuedAt;
  const [reason] = error?.split("\n") ?? [];
  return [
    start === undefined ? "" : ` ${describeDuration(end - start)}`,
    waited > LONG_WAIT_MS ? ` after ${describeDuration(waited)} in the queue` : "",
    reason === undefined ? "" : ` (${onOneLine(reason)})`,
  ].join("");
}
