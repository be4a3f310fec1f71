import type { Clock } from "../../core/clock.ts";
import type { OpenPolls } from "../../core/open-polls.ts";
import { WaitingLine } from "../../core/waiting-line.ts";
import type { Database } from "../../database/database.ts";

/** A job or a bridge command, as far as a queue looks at it. */
interface Queued {
  id: string;
  runner_id: string;
  status: string;
}

export interface RunnerQueueOptions<Row extends Queued, Item> {
  database: Database;
  clock: Clock;
  /** How long a poll is held at most, in milliseconds. */
  pollTimeoutMs: number;
  /** Counts held polls together with those of others. */
  openPolls?: OpenPolls | undefined;
  /** The status of what a runner has got. */
  handedOut: Row["status"];
  /** Hands out at most `limit` of what is pending for a runner, in order: what its poll gets, by id. */
  take(runnerId: string, limit: number): ReadonlyMap<string, Item>;
  find(id: string): Row | undefined;
  /** Makes pending again, at its old place, what was handed out. */
  putBack(row: Row): void;
}

/** What waits for each runner, and the runners that wait for it. */
export class RunnerQueue<Row extends Queued, Item> {
  readonly #options: RunnerQueueOptions<Row, Item>;
  /** Held polls, by runner. */
  readonly #polls: WaitingLine<Item[]>;
  /** When each runner last began or ended a poll, in milliseconds since the epoch. */
  readonly #polledAt = new Map<string, number>();
  /** What was handed out and may not have been read, by runner: only this can be taken back. */
  readonly #unconfirmed = new Map<string, Set<string>>();

  constructor(options: RunnerQueueOptions<Row, Item>) {
    this.#options = options;
    this.#polls = new WaitingLine(options.clock, options.openPolls);
  }

  /** How many polls are held now. */
  get openPolls(): number {
    return this.#polls.size;
  }

  /** How many polls of this runner are held now. */
  openPollsOf(runnerId: string): number {
    return this.#polls.sizeOf(runnerId);
  }

  /** Whether the runner polls: a poll of it is held, or began or ended no longer ago than a poll is held at most. */
  isPolledBy(runnerId: string): boolean {
    const { clock, pollTimeoutMs } = this.#options;
    const polledAt = this.#polledAt.get(runnerId) ?? Number.NEGATIVE_INFINITY;
    return this.openPollsOf(runnerId) > 0 || clock.now() - polledAt <= pollTimeoutMs;
  }

  /** Whether all polls have been ended for good. */
  get closed(): boolean {
    return this.#polls.closed;
  }

  /**
   * Hands out at most `limit` of what is pending for the runner, in order; waits for the first.
   * @returns `undefined` when none came in time, the client has gone or the polls were ended
   */
  next(runnerId: string, limit: number, signal: AbortSignal): Promise<Item[] | undefined> {
    const { database, clock, pollTimeoutMs: timeoutMs } = this.#options;
    const polled = (): void => void this.#polledAt.set(runnerId, clock.now());
    const take = (): Item[] | undefined => database.transaction(() => this.#take(runnerId, limit));
    polled();
    return this.#polls.wait({ key: runnerId, timeoutMs, signal, take }).finally(polled);
  }

  /** The poll that got these never read them: they are pending again, at their old places. */
  takeBack(ids: readonly string[]): void {
    const { database, find, handedOut, putBack } = this.#options;
    database.transaction(() => {
      for (const row of ids.map(find)) {
        if (row?.status === handedOut && this.#unconfirmed.get(row.runner_id)?.has(row.id)) putBack(row);
      }
    });
  }

  /** The runner has read this one, or all that it got. */
  confirm(runnerId: string, id?: string): void {
    if (id === undefined) this.#unconfirmed.delete(runnerId);
    else this.#unconfirmed.get(runnerId)?.delete(id);
  }

  /** What a change means to those who wait, and to who has it. */
  follow({ id, runner_id, status }: Queued): void {
    if (status !== this.#options.handedOut) this.confirm(runner_id, id);
    if (status === "pending") this.#polls.notify(runner_id);
  }

  /** Ends the held polls of a runner that is gone. */
  dismiss(runnerId: string): void {
    this.#polls.dismiss(runnerId);
    this.#polledAt.delete(runnerId);
    this.confirm(runnerId);
  }

  /** Ends all held polls and forgets what is not in the database. */
  reset(): void {
    this.#polls.dismissAll();
    this.#polledAt.clear();
    this.#unconfirmed.clear();
  }

  /** Ends all held polls, now and from now on. */
  close(): void {
    this.#polls.close();
  }

  #take(runnerId: string, limit: number): Item[] | undefined {
    const taken = this.#options.take(runnerId, limit);
    if (taken.size === 0) return undefined;
    const unconfirmed = this.#unconfirmed.get(runnerId) ?? new Set();
    this.#unconfirmed.set(runnerId, unconfirmed);
    for (const id of taken.keys()) unconfirmed.add(id);
    return [...taken.values()];
  }
}
