import { Assignments } from "../../core/assignments.ts";
import { attempt } from "../../core/attempt.ts";
import { WaitingLine } from "../../core/waiting-line.ts";
import type { OpikContext } from "../context.ts";
import { notice } from "./notice.ts";
import type { RunnerRow } from "./store.ts";

/** The fields of a job or a bridge command that a queue reads. */
interface Queued {
  id: string;
  runner_id: string;
  status: string;
}

/** The work of a queue on its rows, for one kind of work. */
export interface RunnerQueueRules<Row extends Queued, Item> {
  /** The timeout of a poll, in milliseconds. */
  pollTimeoutMs: number;
  /** The status of what is assigned to a runner. */
  assigned: Row["status"];
  /** Whether something is pending for a runner. */
  hasPending(runnerId: string): boolean;
  /** Assigns at most `limit` of what is pending for a runner, in order, and marks it: what its poll gets, by id. */
  take(runnerId: string, limit: number): ReadonlyMap<string, Item>;
  find(id: string): Row | undefined;
  /** The rows that have the mark, in order. */
  marked(): readonly Row[];
  clearMarks(ids: readonly string[]): void;
  /** Makes pending again, at its old place and without the mark, what was assigned. */
  putBack(row: Row): void;
}

/** The pending work of each runner, and the open polls for it. */
export class RunnerQueue<Row extends Queued, Item> {
  readonly #context: OpikContext;
  readonly #rules: RunnerQueueRules<Row, Item>;
  /** Open polls, by runner. */
  readonly #polls: WaitingLine<Item[]>;
  /** When each runner last began or ended a poll, in milliseconds since the epoch. */
  readonly #polledAt = new Map<string, number>();
  /** The ids of the runners that are about to poll: their last poll was answered, or an agent of theirs has started. */
  readonly expectedPolls = new Set<string>();
  /** Assignments that are not acknowledged; only these can be taken back. */
  readonly #assignments: Assignments;

  constructor(context: OpikContext, rules: RunnerQueueRules<Row, Item>) {
    const { clock, openPolls, reportError } = context;
    this.#context = context;
    this.#rules = rules;
    this.#polls = new WaitingLine(clock, openPolls);
    this.#assignments = new Assignments({ clock, clearMarks: (ids) => rules.clearMarks(ids), onError: reportError });
  }

  /** Takes back the work that was assigned when the server was killed and that no client had acknowledged. */
  start(): void {
    const { marked, putBack } = this.#rules;
    this.#context.database.transaction(() => {
      for (const row of marked()) putBack(row);
    });
  }

  /** Takes back the work that no client has acknowledged. To be called when the server is about to end, after `close`. */
  takeBackUnread(): void {
    const ids = this.#assignments.close();
    attempt(() => this.#putBack(ids), this.#context.reportError);
  }

  /** The number of open polls of this runner. */
  openPollsOf(runnerId: string): number {
    return this.#polls.sizeOf(runnerId);
  }

  /** Whether the runner polls: it has an open poll, or a poll of it began or ended within the poll timeout. */
  isPolledBy(runnerId: string): boolean {
    const polledAt = this.#polledAt.get(runnerId) ?? Number.NEGATIVE_INFINITY;
    return this.openPollsOf(runnerId) > 0 || this.#context.clock.now() - polledAt <= this.#rules.pollTimeoutMs;
  }

  /** Whether all polls have been ended for good. */
  get closed(): boolean {
    return this.#polls.closed;
  }

  /**
   * Assigns at most `limit` of what is pending for the runner, in order; waits for the first.
   * @returns `undefined` when none came in time, the client has gone or the polls were ended
   */
  next(runner: RunnerRow, limit: number, signal: AbortSignal): Promise<Item[] | undefined> {
    const { database, clock, events } = this.#context;
    const { id: runnerId } = runner;
    const { pollTimeoutMs: timeoutMs } = this.#rules;
    // Most polls find nothing, and need no transaction for it.
    const hasItem = (): boolean => this.#rules.hasPending(runnerId);
    const polled = (): void => void this.#polledAt.set(runnerId, clock.now());
    const ended = (): void => {
      // Not of a runner that was removed meanwhile.
      if (!this.#polledAt.has(runnerId)) return;
      polled();
      if (!signal.aborted) this.expectedPolls.add(runnerId);
    };
    const take = (): Item[] | undefined => database.transaction(() => this.#take(runnerId, limit));
    const begins = !this.isPolledBy(runnerId);
    polled();
    this.expectedPolls.delete(runnerId);
    const answer = this.#polls.wait({ key: runnerId, timeoutMs, signal, hasItem, take }).finally(ended);
    if (begins) events.emit("runner:polling", notice(runner));
    return answer;
  }

  /** Takes back work whose poll did not read the answer: it is pending again, at its old place. */
  takeBack(ids: readonly string[]): void {
    this.#putBack(ids.filter((id) => this.#assignments.has(id)));
  }

  /** Acknowledges work whose poll has read the answer, as its connection shows. */
  acknowledge(ids: readonly string[]): void {
    this.#assignments.acknowledge(ids);
  }

  /** Whether a report on this one has to clear the mark in its row. */
  isMarked(id: string): boolean {
    return this.#assignments.isMarked(id);
  }

  /** The row has no mark any more. */
  markCleared(id: string): void {
    this.#assignments.remove(id);
  }

  /** Follows a change of status: work that is not assigned any more has no mark, pending work is offered to the polls. */
  follow({ id, runner_id, status }: Queued): void {
    if (status !== this.#rules.assigned) this.#assignments.remove(id);
    if (status === "pending") this.#polls.notify(runner_id);
  }

  /** Ends the open polls of a removed runner. */
  dismiss(runnerId: string): void {
    this.#polls.dismiss(runnerId);
    this.#polledAt.delete(runnerId);
    this.expectedPolls.delete(runnerId);
  }

  /** Ends all open polls. */
  dismissAll(): void {
    this.#polls.dismissAll();
    this.#polledAt.clear();
    this.expectedPolls.clear();
  }

  /** Forgets assignments, whose rows are about to be deleted. Open polls go on. */
  reset(): void {
    this.#assignments.reset();
  }

  /** Ends all open polls, also later ones. */
  close(): void {
    this.#polls.close();
  }

  #take(runnerId: string, limit: number): Item[] | undefined {
    const taken = this.#rules.take(runnerId, limit);
    if (taken.size === 0) return undefined;
    for (const id of taken.keys()) this.#assignments.add(id);
    return [...taken.values()];
  }

  #putBack(ids: readonly string[]): void {
    const { find, assigned, putBack } = this.#rules;
    if (ids.length === 0) return;
    this.#context.database.transaction(() => {
      for (const row of ids.map(find)) if (row?.status === assigned) putBack(row);
    });
  }
}
