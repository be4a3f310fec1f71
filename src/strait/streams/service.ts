import type { Background } from "../../core/background.ts";
import { ClientStream, type Frame } from "../../http/event-stream.ts";
import type { RequestEvent } from "../../http/request-event.ts";
import { RequestRefused } from "../../http/route.ts";
import type { StraitContext } from "../context.ts";
import type { RunEventNotice } from "../events.ts";
import { isPublished } from "../records/run-events/published.ts";
import type { RunEventService } from "../records/run-events/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunService } from "../run/service.ts";
import { isTerminal } from "../run/state-machine.ts";
import type { EventTriggerService } from "../waits/service.ts";
import type { Caller } from "../wire/caller.ts";
import { StraitError } from "../wire/errors.ts";
import { chunkFrame, eventFrame, logFrame, statusFrame, triggerFrame } from "./frames.ts";

export interface StreamServiceDependencies {
  runs: RunService;
  runEvents: RunEventService;
  eventTriggers: EventTriggerService;
}

const KEEP_ALIVE_MS = 15_000;
const LONGEST_MS = 30 * 60_000;
/** The type of the events that are lines of the log. */
const LOG = "log";

/** The topics of streams; a stream has one topic of one run or wait. */
type Topic = "run" | "logs" | "chunks" | "trigger" | "nothing";

/** Streams events of runs and waits to clients [strait 4.5, 4.6]. */
export class StreamService implements Background {
  readonly #context: StraitContext;
  readonly #runs: RunService;
  readonly #runEvents: RunEventService;
  readonly #eventTriggers: EventTriggerService;
  /** Open streams by topic and id, so that an event without a stream costs nothing. */
  readonly #listeners = new Map<string, Set<ClientStream>>();
  readonly #openOfProject = new Map<string, number>();
  readonly #stops: Array<() => void> = [];
  #open = 0;

  constructor(context: StraitContext, dependencies: StreamServiceDependencies) {
    this.#context = context;
    this.#runs = dependencies.runs;
    this.#runEvents = dependencies.runEvents;
    this.#eventTriggers = dependencies.eventTriggers;
  }

  /** How many streams are open. */
  get open(): number {
    return this.#open;
  }

  /**
   * Streams events and changes of status of a run. A client that names the last event it has seen receives the missed
   * events first; of a run that has ended meanwhile it receives only those, and the 410 when it reconnects.
   * @throws StraitError 404, 410 when it has ended; RequestRefused 503
   */
  run(caller: Caller, runId: string, event: RequestEvent): Response {
    const run = this.#runs.require(caller, runId);
    const missed = this.#missed(run, event, eventFrame);
    const ended = isTerminal(run.status);
    if (ended && missed === undefined) throw hasEnded();
    const stream = this.#listen("run", run.id, run.project_id, event);
    if (missed !== undefined) stream.catchUp(missed);
    if (ended) stream.finish();
    return stream.response;
  }

  /**
   * Lines that a worker's run logs, also of a run that has ended: the stream then stays open and empty. The real server
   * shows only what workers log over gRPC; here workers log as executors do, and the runs of `http` jobs show nothing.
   * @throws StraitError 404; RequestRefused 503
   */
  logs(caller: Caller, runId: string, event: RequestEvent): Response {
    const run = this.#runs.require(caller, runId);
    const isWorkers = run.execution_mode === "worker";
    const missed = isWorkers ? this.#missed(run, event, logFrame, LOG) : undefined;
    const stream = this.#listen(isWorkers ? "logs" : "nothing", run.id, run.project_id, event);
    if (missed !== undefined) stream.catchUp(missed);
    return stream.response;
  }

  /** Pieces of output as the executor streams them. @throws as `run` */
  chunks(caller: Caller, runId: string, event: RequestEvent): Response {
    const run = this.#runs.require(caller, runId);
    if (isTerminal(run.status)) throw hasEnded();
    return this.#listen("chunks", run.id, run.project_id, event).response;
  }

  /** An executor streams a piece of its output. It needs an open transaction. */
  pass(run: RunRow, piece: { chunk: string; stream_id: string; done: boolean }): void {
    this.#context.database.requireTransaction();
    this.#context.events.emit("run:chunk:streamed", { run_id: run.id, project_id: run.project_id, ...piece });
  }

  /** Streams the changes of a wait until it is over. @throws StraitError 404; RequestRefused 503 */
  trigger(caller: Caller, key: string, event: RequestEvent): Response {
    const trigger = this.#eventTriggers.get(caller, key);
    const stream = this.#listen("trigger", trigger.id, trigger.project_id, event);
    stream.send(triggerFrame(trigger));
    if (trigger.status !== "waiting") stream.finish();
    return stream.response;
  }

  start(): void {
    this.#stops.push(
      this.#context.events.on("run:event:appended", ({ event }) => {
        if (isPublished(event.type)) this.#publish("run", event.run_id, () => eventFrame(event));
        if (isLog(event)) this.#publish("logs", event.run_id, () => logFrame(event));
      }),
      this.#context.events.on("run:status:changed", (change) => {
        const { id } = change.run;
        this.#publish("run", id, () => statusFrame(change, this.#runEvents.position(id), this.#context.clock.now()));
      }),
      this.#context.events.on("run:chunk:streamed", (notice) => {
        this.#publish("chunks", notice.run_id, () => chunkFrame(notice, this.#context.clock.now()));
      }),
      this.#context.events.on("run:wait:changed", ({ trigger_id }) => this.#publishTrigger(trigger_id)),
    );
  }

  /** Ends all streams. */
  stop(): void {
    for (const stop of this.#stops.splice(0)) stop();
    for (const streams of [...this.#listeners.values()]) for (const stream of [...streams]) stream.close();
  }

  /** The frames that a client has missed since the event that it names; `undefined` when there are none. */
  #missed(
    run: RunRow,
    event: RequestEvent,
    toFrame: (notice: RunEventNotice) => Frame,
    type?: string,
  ): Iterable<Frame[]> | undefined {
    const lastSeen = lastEventId(event);
    if (lastSeen === undefined) return undefined;
    const pages = this.#runEvents.behind(run.id, lastSeen, type);
    const first = pages.next();
    return first.done === true ? undefined : toPages(first.value, pages, toFrame);
  }

  #listen(topic: Topic, id: string, projectId: string, event: RequestEvent): ClientStream {
    const ofProject = this.#openOfProject.get(projectId) ?? 0;
    const { maxEventStreams, maxEventStreamsPerProject } = this.#context.config;
    if (this.#open >= maxEventStreams || ofProject >= maxEventStreamsPerProject) {
      throw new RequestRefused(503, "too many SSE connections");
    }
    const key = keyOf(topic, id);
    const streams = this.#listeners.get(key) ?? new Set();
    const onClosed = (): void => {
      streams.delete(stream);
      if (streams.size === 0) this.#listeners.delete(key);
      this.#count(projectId, -1);
    };
    const stream = new ClientStream(event, {
      clock: this.#context.clock,
      keepAliveMs: KEEP_ALIVE_MS,
      longestMs: LONGEST_MS,
      onClosed,
      onError: this.#context.reportError,
    });
    this.#listeners.set(key, streams.add(stream));
    this.#count(projectId, 1);
    return stream;
  }

  #count(projectId: string, change: 1 | -1): void {
    this.#open += change;
    const ofProject = (this.#openOfProject.get(projectId) ?? 0) + change;
    if (ofProject === 0) this.#openOfProject.delete(projectId);
    else this.#openOfProject.set(projectId, ofProject);
  }

  #publish(topic: Topic, id: string, toFrame: () => Frame | undefined): void {
    const streams = this.#listeners.get(keyOf(topic, id));
    const frame = streams && toFrame();
    if (streams === undefined || frame === undefined) return;
    for (const stream of [...streams]) stream.send(frame);
  }

  #publishTrigger(id: string): void {
    const streams = this.#listeners.get(keyOf("trigger", id));
    const trigger = streams && this.#eventTriggers.find(id);
    if (trigger === undefined) return;
    this.#publish("trigger", id, () => triggerFrame(trigger));
    if (trigger.status !== "waiting") for (const stream of [...(streams ?? [])]) stream.finish();
  }
}

function keyOf(topic: Topic, id: string): string {
  return `${topic} ${id}`;
}

function isLog(notice: RunEventNotice): boolean {
  return notice.type === LOG;
}

/** The frames of pages, each read when it is needed. */
function* toPages(
  first: readonly RunEventNotice[],
  others: Iterable<readonly RunEventNotice[]>,
  toFrame: (notice: RunEventNotice) => Frame,
): Generator<Frame[], void, void> {
  yield first.map(toFrame);
  for (const page of others) yield page.map(toFrame);
}

/** The position that a reconnecting client names, if it is one of ours. */
function lastEventId(event: RequestEvent): number | undefined {
  const text = event.req.headers.get("last-event-id") ?? "";
  return /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

function hasEnded(): StraitError {
  return new StraitError(410, "run already in terminal state");
}
