import type { Background } from "../../core/background.ts";
import { describeDuration } from "../../core/durations.ts";
import type { CommittedEvent } from "../../core/events.ts";
import { WaitingLine } from "../../core/waiting-line.ts";
import { RequestRefused } from "../../http/route.ts";
import type { AdminContext } from "../context.ts";
import { LocalError } from "../errors.ts";
import { subjectOf } from "../events/subject.ts";
import type { Condition } from "./condition.ts";

/** How many of the last events the error of a wait shows. */
const SHOWN_ON_TIMEOUT = 50;

/** Requests that wait until something is so. They count as open polls. */
export class WaitService implements Background {
  readonly #context: AdminContext;
  /** A line for each request, because no request takes an item from another. */
  readonly #line: WaitingLine<object>;
  #requests = 0;
  #resets = 0;

  constructor(context: AdminContext) {
    this.#context = context;
    this.#line = new WaitingLine(context.clock, context.openPolls);
  }

  /**
   * Waits until something is so; returns at once when it is already.
   * @param timeoutMs milliseconds of the server's clock
   * @returns what the condition answers
   * @throws LocalError 404 and 409 of the condition, 408 with the last events when the time is over, 409 after a
   * reset; RequestRefused 503 when the server stops; TooManyOpenPollsError
   */
  async wait(condition: Condition, timeoutMs: number, signal: AbortSignal): Promise<object> {
    const resetsBefore = this.#resets;
    const key = String((this.#requests += 1));
    const happened: CommittedEvent[] = [];
    const stopRecording = this.#context.events.record((event) => {
      if (event.name.startsWith("http:")) return;
      happened.push(event);
      if (happened.length > SHOWN_ON_TIMEOUT) happened.shift();
      if (condition.concerns(event)) this.#line.notify(key);
    });
    try {
      const found = await this.#line.wait({ key, timeoutMs, signal, take: () => condition.check() });
      if (found !== undefined) return found;
    } finally {
      stopRecording();
    }
    if (this.#line.closed) throw new RequestRefused(503, "The server is stopping");
    if (this.#resets > resetsBefore) throw new LocalError(409, "The server was reset while the request waited");
    const message = `Waited ${describeDuration(timeoutMs)}: ${condition.describe()}`;
    throw new LocalError(408, message, happened.map(toSummary));
  }

  /** Ends all waits, which are answered with 409. */
  reset(): void {
    this.#resets += 1;
    this.#line.dismissAll();
  }

  /** Ends all waits, also later ones, which are answered with 503. */
  stop(): void {
    this.#line.close();
  }
}

/** What happened, without its payload, which may be large. */
function toSummary(event: CommittedEvent): object {
  const { sequence, time, name, payload } = event;
  return { sequence, time: new Date(time).toISOString(), name, ...subjectOf(event), ...statusIn(payload) };
}

/** The status of the job, run or command of an event. */
function statusIn(payload: unknown): { status?: string } {
  if (typeof payload !== "object" || payload === null) return {};
  for (const part of Object.values(payload)) {
    if (typeof part !== "object" || part === null || !("status" in part)) continue;
    if (typeof part.status === "string") return { status: part.status };
  }
  return {};
}
