import type { PlainTrace, PlainSpan } from "../client/plain.ts";
import { plain, type Running } from "./running.ts";
import { waitFor, type WaitOptions } from "./waiting.ts";

/** Which traces. */
export interface TraceFilter {
  /** Name of the project; default any. */
  project?: string;
}

/** The traces that agents have written. */
export interface TestTraces {
  /** Returns the traces, oldest first. */
  list(filter?: TraceFilter): PlainTrace[];

  /** Returns the spans of a trace, oldest first. */
  spans(trace: PlainTrace): PlainSpan[];

  /**
   * Waits until there is a trace that fulfils a condition.
   *
   * ```ts
   * const trace = await opik.traces.waitFor(({ name, end_time }) => name === "answer" && end_time !== undefined);
   * ```
   * The SDKs send traces in the background: call their `flush` before.
   * @throws WaitTimeoutError
   */
  waitFor(wanted: (trace: PlainTrace) => boolean, options?: WaitOptions): Promise<PlainTrace>;
}

/** The largest page; longer lists are read page by page. */
const PAGE_SIZE = 1_000;

/** `TestTraces` of a server in this process. */
export class LocalTraces implements TestTraces {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  list({ project }: TraceFilter = {}): PlainTrace[] {
    const { server, owner } = this.#running();
    const { opik } = server;
    const projects = opik.projects.all().filter(({ workspace }) => workspace === owner.workspace);
    const wanted = projects.filter(({ name }) => project === undefined || name === project);
    if (project !== undefined && wanted.length === 0) throw new Error(`There is no project "${project}".`);
    const traces = wanted.flatMap(({ id }) =>
      allPages((page) => opik.traces.list(owner, { project_id: id, page, size: PAGE_SIZE })),
    );
    return plain<PlainTrace[]>(traces).toSorted(byId);
  }

  spans({ id, project_id }: PlainTrace): PlainSpan[] {
    const { server, owner } = this.#running();
    const filter = { project_id, trace_id: id, type: undefined, size: PAGE_SIZE };
    const spans = allPages((page) => server.opik.spans.list(owner, { ...filter, page }));
    return plain<PlainSpan[]>(spans).toSorted(byId);
  }

  async waitFor(wanted: (trace: PlainTrace) => boolean, options?: WaitOptions): Promise<PlainTrace> {
    return waitFor({
      options,
      events: this.#running().server.events,
      method: this.waitFor,
      describe: () => `no trace is as wanted; there are ${this.list().length}`,
      look: (name) => (name === undefined || TRACE_EVENTS.has(name) ? this.list().find(wanted) : undefined),
    });
  }
}

const TRACE_EVENTS: ReadonlySet<string> = new Set(["traces:written", "spans:written"]);

/** Ids contain the time. */
function byId(a: PlainTrace | PlainSpan, b: PlainTrace | PlainSpan): number {
  return a.id < b.id ? -1 : 1;
}

/** Reads all pages of a list; they count from 1. */
function allPages<Item>(read: (page: number) => { total: number; content: Iterable<Item> }): Item[] {
  const items: Item[] = [];
  for (let page = 1; ; page += 1) {
    const { total, content } = read(page);
    items.push(...content);
    if (page * PAGE_SIZE >= total) return items;
  }
}
