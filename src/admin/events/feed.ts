import type { Background } from "../../core/background.ts";
import type { Timer } from "../../core/clock.ts";
import { stringifyJson } from "../../core/json.ts";
import { ClientStream, type Frame } from "../../http/event-stream.ts";
import type { RequestEvent } from "../../http/request-event.ts";
import { RequestRefused } from "../../http/route.ts";
import type { AdminContext } from "../context.ts";
import { type EventEntry, toEntry } from "./entry.ts";
import type { EventFilter } from "./filter.ts";
import { RecentEvents } from "./recent.ts";

const KEEP_ALIVE_MS = 15_000;
const LONGEST_MS = 24 * 3_600_000;
/** How long events are recorded after the last stream has ended, for clients that come again. */
const RECORDED_MS = 60_000;

/**
 * Streams events to clients. They are recorded from the first stream on until a minute after the last one: without
 * clients nothing is recorded, and events cost nothing.
 */
export class EventFeed implements Background {
  readonly #context: AdminContext;
  /** Open streams with what each receives. */
  readonly #streams = new Map<ClientStream, EventFilter>();
  /** Begins the ids of this process: sequences of another one mean nothing here. */
  readonly #epoch: string;
  #recent: RecentEvents | undefined;
  #stopRecording: () => void = () => {};
  #expiry: Timer | undefined;

  constructor(context: AdminContext) {
    this.#context = context;
    this.#epoch = context.clock.now().toString(36);
  }

  /**
   * Streams the events that pass a filter, from now on or, for a client that names the last event it has seen, from
   * there on. It gets a `gap` first when that is too long ago, and `ready` when it names none.
   * @throws RequestRefused 503 for too many streams
   */
  open(event: RequestEvent, filter: EventFilter): Response {
    const { clock, config, reportError } = this.#context;
    if (this.#streams.size >= config.maxEventStreams) throw new RequestRefused(503, "Too many event streams");
    const recent = this.#record();
    const lastId = event.req.headers.get("last-event-id");
    const stream = new ClientStream(event, {
      clock,
      keepAliveMs: KEEP_ALIVE_MS,
      longestMs: LONGEST_MS,
      onClosed: () => this.#closed(stream),
      onError: reportError,
    });
    this.#streams.set(stream, filter);
    for (const frame of this.#first(recent, lastId, filter)) stream.send(frame);
    return stream.response;
  }

  /** Streams stay open, and report the reset. */
  reset(): void {
    if (this.#streams.size === 0) this.#forget();
  }

  /** Ends all streams. */
  stop(): void {
    for (const stream of [...this.#streams.keys()]) stream.close();
    this.#forget();
  }

  #record(): RecentEvents {
    this.#expiry?.cancel();
    if (this.#recent !== undefined) return this.#recent;
    const { events } = this.#context;
    const recent = new RecentEvents(events.sequence);
    this.#recent = recent;
    this.#stopRecording = events.record((event) => {
      if (event.name.startsWith("http:")) return;
      const entry = toEntry(event);
      recent.add(entry);
      for (const [stream, filter] of this.#streams) if (filter(entry, entry.subject)) stream.send(this.#frame(entry));
    });
    return recent;
  }

  #forget(): void {
    this.#expiry?.cancel();
    this.#stopRecording();
    this.#recent = undefined;
  }

  #closed(stream: ClientStream): void {
    this.#streams.delete(stream);
    if (this.#streams.size === 0 && this.#recent !== undefined) {
      this.#expiry = this.#context.clock.schedule(RECORDED_MS, () => this.#forget());
    }
  }

  #first(recent: RecentEvents, lastId: string | null, filter: EventFilter): Frame[] {
    if (lastId === null) return [this.#note("ready", {})];
    const [, epoch, sequence] = /^([0-9a-z]+)-(\d{1,15})$/.exec(lastId) ?? [];
    const { sequence: newest } = this.#context.events;
    const isKnown = epoch === this.#epoch && Number(sequence) <= newest;
    const missed = isKnown ? recent.after(Number(sequence)) : undefined;
    if (missed === undefined) return [this.#note("gap", { last_event_id: lastId })];
    return missed.filter((entry) => filter(entry, entry.subject)).map((entry) => this.#frame(entry));
  }

  #frame({ sequence, name, data }: EventEntry): Frame {
    return { id: this.#id(sequence), event: name, data };
  }

  /** A frame of the stream itself, from which a client can resume, too. */
  #note(name: "ready" | "gap", details: object): Frame {
    const { sequence } = this.#context.events;
    return { id: this.#id(sequence), event: name, data: stringifyJson({ sequence, ...details }) };
  }

  #id(sequence: number): string {
    return `${this.#epoch}-${sequence}`;
  }
}
