import { withFullStop } from "../../../core/sentence.ts";
import { reasonOf } from "../../../http/reason.ts";
import type { LocalEvents } from "../../../opik-local.ts";
import type { OpikLocalParts } from "../../../server.ts";
import { isTerminal, type RunStatus } from "../../../strait/run/state-machine.ts";
import { statusPhrase } from "../../views/status.ts";
import type { FindingKind } from "./finding-kinds.ts";

/** Runs that have ended in one of these have failed; a canceled run has not. */
const FAILED_RUN: ReadonlySet<RunStatus> = new Set<RunStatus>([
  "failed",
  "crashed",
  "timed_out",
  "system_failed",
  "dead_letter",
  "expired",
]);

/**
 * Observes a server while a command runs, and finds what a test suite usually does not want: errors (a job or run that
 * failed and was not read afterwards, a request that the server failed to answer), leftovers (a job or run that has not
 * ended) and unmatched requests (no route has their path and method).
 *
 * A reset deletes what is left over, but is no reading: the failures of the tests before it are still found.
 */
export class Findings {
  readonly #server: OpikLocalParts;
  readonly #subscriptions: ReadonlyArray<() => void>;
  readonly #serverErrors: string[] = [];
  readonly #unmatched = new Set<string>();
  /** The jobs and runs that have failed and that no client has read since, by id. */
  readonly #unreadFailures = new Map<string, string>();
  /** The same of before the last reset: later jobs and runs may have their ids. */
  readonly #failuresBefore: string[] = [];
  /** The jobs and runs of the fixtures, with their statuses. */
  readonly #atStart: ReadonlyMap<string, string>;

  constructor(server: OpikLocalParts) {
    this.#server = server;
    this.#atStart = new Map(openWork(server).map(({ id, status }) => [id, status]));
    this.#subscriptions = this.#observe(server);
  }

  /** Stops observing. @returns a sentence for each finding of these kinds */
  end(kinds: readonly FindingKind[]): string[] {
    for (const stop of this.#subscriptions) stop();
    const found: Record<FindingKind, () => string[]> = {
      errors: () => [...this.#serverErrors, ...this.#failuresBefore, ...this.#unreadFailures.values()],
      unmatched: () => [...this.#unmatched],
      leftovers: () =>
        openWork(this.#server)
          .filter(({ id, status }) => this.#atStart.get(id) !== status)
          .map(({ id, kind, what, status }) => `The ${kind} ${id} (${what}) is still ${status}.`),
    };
    return kinds.flatMap((kind) => found[kind]());
  }

  #observe({ events }: OpikLocalParts): Array<() => void> {
    const failed = (id: string, sentence: string): unknown => this.#unreadFailures.set(id, sentence);
    return [
      events.on("job:status:changed", ({ job }) => {
        const { id, status, agent_name, error = "no reason" } = job;
        if (status === "failed") failed(id, withFullStop(`The job ${id} (${agent_name}) failed: ${error}`));
      }),
      events.on("run:status:changed", ({ run }) => {
        const { id, status, error = "no reason" } = run;
        if (FAILED_RUN.has(status)) failed(id, withFullStop(`The run ${id} ${statusPhrase(status)}: ${error}`));
        else this.#unreadFailures.delete(id);
      }),
      events.on("http:request:answered", (answered) => {
        const { method, path, unmatched, reason = "no route has this path" } = answered;
        if (unmatched) this.#unmatched.add(withFullStop(`${method} ${path} was refused: ${reason}`));
        for (const id of idsRead(answered)) this.#unreadFailures.delete(id);
      }),
      events.on("http:request:failed", ({ method, path, error }) => {
        this.#serverErrors.push(withFullStop(`${method} ${path} failed: ${reasonOf(error)}`));
      }),
      events.on("server:error", ({ error, during }) => {
        this.#serverErrors.push(withFullStop(`The server failed during ${during}: ${reasonOf(error)}`));
      }),
      events.on("server:reset", () => {
        this.#failuresBefore.push(...this.#unreadFailures.values());
        this.#unreadFailures.clear();
      }),
    ];
  }
}

/** What may be the ids of the jobs and runs that a client has read with a request. */
function idsRead({ method, path, status, subjects = [] }: LocalEvents["http:request:answered"]): readonly string[] {
  // A wait is also answered with 409: the job has ended in another status than the one that it waited for.
  if (status === 200 || status === 409) return method === "GET" ? [...path.split("/"), ...subjects] : [];
  return [];
}

/** The jobs and runs that have not ended. */
function openWork({ opik, runs }: OpikLocalParts): Array<{ id: string; kind: string; what: string; status: string }> {
  const jobs = opik.jobs.all().filter(({ status }) => status === "pending" || status === "running");
  const slugs = new Map(runs.snapshots.jobs().map(({ id, slug }) => [String(id), String(slug)]));
  const open = runs.snapshots.runs().filter(({ status }) => !isTerminal(status as RunStatus));
  return [
    ...jobs.map(({ id, agent_name, status }) => ({ id, kind: "job", what: agent_name, status })),
    ...open.map((run) => ({
      ...{ id: String(run["id"]), status: String(run["status"]) },
      ...{ kind: "run", what: slugs.get(String(run["job_id"])) ?? "its job was deleted" },
    })),
  ];
}
