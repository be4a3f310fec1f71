import type { Background } from "../../core/background.ts";
import type { Reactions } from "../../core/events.ts";
import type { Answered, Exchange, Interceptor } from "../../http/interceptor.ts";
import type { OpikChanges } from "../../opik/events.ts";
import type { StraitChanges } from "../../strait/events.ts";
import { isLocalPath } from "../route.ts";
import { type Count, Counter, type Distribution, Gauge, Histogram, type Labels, type Metric } from "./counters.ts";
import { EventLoopDelay } from "./event-loop-delay.ts";
import { writeMetrics } from "./exposition.ts";

/** Upper bounds in seconds. Polls take up to some ten seconds, jobs of a runner that is gone wait for longer. */
const REQUEST_BOUNDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const QUEUE_BOUNDS = [0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 1_800, 3_600];

/** How many things are in each status. */
type Counts = ReadonlyArray<{ status: string; count: number }>;

/** What is counted when the metrics are asked for. */
export interface MetricsSources {
  openPolls(): number;
  jobs(): Counts;
  commands(): Counts;
  runs(): Counts;
}

/** What is counted of the requests of a route with one status. */
interface RequestSeries {
  count: Count;
  durations: Distribution;
}

/** Counts requests and queue times, for Prometheus. */
export class Metrics implements Interceptor, Background {
  readonly #requests = new Counter("opik_local_http_requests_total", "Requests by route and status.");
  readonly #durations = new Histogram(
    "opik_local_http_request_duration_seconds",
    "How long answers took, long polls included.",
    REQUEST_BOUNDS,
  );
  readonly #queueTimes = new Histogram(
    "opik_local_queue_seconds",
    "How long jobs and runs waited from their creation until they started, by the server's clock.",
    QUEUE_BOUNDS,
  );
  /** By status, method and route: writing labels takes longer than counting. */
  readonly #requestSeries = new Map<string, RequestSeries>();
  /** The series of queue times by kind. */
  readonly #queueSeries = new Map<string, Distribution>();
  readonly #eventLoopDelay = new EventLoopDelay();
  readonly #metrics: readonly Metric[];

  constructor(sources: MetricsSources) {
    this.#metrics = [
      this.#requests,
      this.#durations,
      new Gauge("opik_local_jobs", "Jobs of runners by status.", () => byStatus(sources.jobs())),
      new Gauge("opik_local_bridge_commands", "Bridge commands by status.", () => byStatus(sources.commands())),
      new Gauge("opik_local_runs", "Executor runs by status.", () => byStatus(sources.runs())),
      new Gauge("opik_local_open_polls", "Long polls that are held open.", () => [[{}, sources.openPolls()]]),
      this.#queueTimes,
      new Gauge(
        "opik_local_event_loop_delay_seconds",
        "How late the event loop was since the last reading, in quantiles; from the second reading on.",
        () => this.#eventLoopDelay.read(),
      ),
    ];
  }

  /** Starts of jobs and runs, with the rows that have changed. */
  get reactions(): Reactions<OpikChanges & StraitChanges> {
    return {
      "job:status:changed": [
        ({ job, from }) => {
          if (from === "pending" && job.status === "running") this.#queued("job", job.created_at, job.started_at);
        },
      ],
      "run:status:changed": [
        ({ run, from }) => {
          const isFirst = run.attempt === 1 && (from === "queued" || from === "dequeued");
          // A delayed run waits from the time that it was scheduled for.
          const since = Math.max(run.created_at, run.scheduled_at ?? 0);
          if (isFirst && run.status === "executing") this.#queued("run", since, run.started_at);
        },
      ],
    };
  }

  written({ method, path, route }: Exchange, { status, durationMs }: Answered): void {
    if (isLocalPath(path)) return;
    const { count, durations } = this.#seriesOf(method, route?.path ?? "", status);
    count.add();
    durations.observe(durationMs / 1_000);
  }

  /** Writes all metrics in Prometheus' text format. */
  write(): Promise<string> {
    return writeMetrics(this.#metrics);
  }

  /** Counters go on after a reset, as Prometheus expects of a process. */
  reset(): void {}

  stop(): void {
    this.#eventLoopDelay.stop();
  }

  #seriesOf(method: string, route: string, status: number): RequestSeries {
    const key = `${status} ${method} ${route}`;
    let series = this.#requestSeries.get(key);
    if (series === undefined) {
      const labels = { method, route };
      const count = this.#requests.series({ ...labels, status: String(status) });
      series = { count, durations: this.#durations.series(labels) };
      this.#requestSeries.set(key, series);
    }
    return series;
  }

  #queued(kind: string, createdAt: number, startedAt: number | null): void {
    if (startedAt === null) return;
    const series = this.#queueSeries.get(kind) ?? this.#queueTimes.series({ kind });
    this.#queueSeries.set(kind, series);
    series.observe(Math.max(0, startedAt - createdAt) / 1_000);
  }
}

/** Adds up counts of the same status. */
function byStatus(counts: Counts): Array<readonly [Labels, number]> {
  const sums = new Map<string, number>();
  for (const { status, count } of counts) sums.set(status, (sums.get(status) ?? 0) + count);
  return Array.from(sums, ([status, count]) => [{ status }, count] as const);
}
