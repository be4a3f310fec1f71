import type { Background } from "../../core/background.ts";
import { compactJson } from "../../core/canonical-json.ts";
import { describeDuration } from "../../core/durations.ts";
import { errorCode } from "../../core/errors.ts";
import { RawJson } from "../../core/json.ts";
import { NoAnswerError, postWithin } from "../../http/client/post-within.ts";
import { failureReason, type PostRequest } from "../../http/client/post.ts";
import type { TokenService } from "../access/tokens/service.ts";
import type { StraitContext } from "../context.ts";
import { type StoredJob, timeoutSecondsOf } from "../definitions/jobs/job.ts";
import type { SecretService } from "../definitions/secrets/service.ts";
import type { CheckpointService } from "../records/checkpoints/service.ts";
import type { RunRow } from "../run/run.ts";
import type { RunStatus } from "../run/schema.ts";
import type { AttemptFailure, AttemptService } from "./attempts.ts";
import type { Circuits } from "./circuits.ts";
import { classOfStatus, isForFallback, isOfEndpoint } from "./error-class.ts";
import { pushHeaders } from "./push-request.ts";
import type { RunHeartbeats } from "./run-heartbeats.ts";

export interface PusherDependencies {
  secrets: SecretService;
  checkpoints: CheckpointService;
  tokens: TokenService;
  attempts: AttemptService;
  circuits: Circuits;
  runHeartbeats: RunHeartbeats;
}

/** How a call of an endpoint ended. */
type Outcome = { result: RawJson | undefined } | AttemptFailure;

/** The limit of a result, in bytes [strait 5.1]. */
const MAX_RESULT_BYTES = 1_048_574;
/** How much of the answer to a failed push is reported. */
const MAX_REPORTED_BYTES = 1_000;

/** Executes runs by posting them to their job's endpoint; the answer is the result [strait 5.1]. */
export class Pusher implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: PusherDependencies;
  /**
   * The push that each run waits for. A run that has left `executing` waits for none: what its executor
   * answers is ignored, even when a later push of the same attempt is under way.
   */
  readonly #awaited = new Map<string, AbortController>();
  readonly #open = new Set<AbortController>();

  constructor(context: StraitContext, dependencies: PusherDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
  }

  /** Pushes a run that was dispatched to an endpoint of HTTP. */
  push(run: RunRow, job: StoredJob, endpointUrl: string): void {
    if (/^https?:/i.test(endpointUrl)) this.#push(run, job);
  }

  /** Ignores later answers of the executor of a run that does not execute any more. */
  follow(run: RunRow, from: RunStatus): void {
    if (from === "executing") this.#awaited.delete(run.id);
  }

  /** How many runs are being pushed. */
  get size(): number {
    return this.#awaited.size;
  }

  /** Ends the push of a run and closes its connection, unlike for a cancelled run. */
  cut(runId: string): void {
    this.#awaited.get(runId)?.abort();
  }

  /** Ends all pushes; their runs stay as they are. */
  stop(): void {
    this.#awaited.clear();
    for (const push of this.#open) push.abort();
  }

  #push(run: RunRow, job: StoredJob): void {
    const { reportError } = this.#context;
    const { runHeartbeats } = this.#dependencies;
    const push = new AbortController();
    this.#awaited.set(run.id, push);
    this.#open.add(push);
    runHeartbeats.keep(run.id);
    this.#execute(run, job, push)
      .catch(reportError)
      .finally(() => this.#open.delete(push));
  }

  async #execute(run: RunRow, job: StoredJob, push: AbortController): Promise<void> {
    const { clock, ids } = this.#context;
    const { checkpoints, secrets, tokens, attempts, circuits } = this.#dependencies;
    const checkpoint = checkpoints.latest(run.id);
    const token = tokens.mint(run, run.timeout_secs_override ?? timeoutSecondsOf(job.definition));
    const { signing_secret: signingSecret } = job;
    const facts = { run, token, signingSecret, secrets: secrets.ofJob(job), checkpoint, now: clock.now(), ids };
    const request = { headers: pushHeaders(facts), body: run.payload_json ?? undefined, maxBytes: MAX_RESULT_BYTES };
    const { endpoint_url = "", fallback_endpoint_url } = job.definition;
    const isAwaited = (): boolean => this.#awaited.get(run.id) === push;

    let outcome = await this.#call(run.id, { ...request, url: endpoint_url }, push);
    if (!isAwaited()) return;
    const endpoint = { project_id: job.project_id, endpoint_url };
    if ("error" in outcome && isOfEndpoint(outcome.errorClass)) circuits.failed(endpoint);
    else circuits.answered(endpoint);
    if ("error" in outcome && fallback_endpoint_url && isForFallback(outcome.errorClass)) {
      outcome = await this.#call(run.id, { ...request, url: fallback_endpoint_url }, push);
      if (!isAwaited()) return;
    }
    if ("error" in outcome) attempts.fail(run.id, outcome);
    else attempts.complete(run.id, outcome.result);
  }

  async #call(runId: string, request: Omit<PostRequest, "signal">, push: AbortController): Promise<Outcome> {
    const { clock, config } = this.#context;
    const timeoutMs = config.executorHttpTimeoutMs;
    try {
      const { status, body } = await postWithin(timeoutMs, clock, { ...request, signal: push.signal });
      if (status >= 200 && status < 300) return { result: readResult(body) };
      const said = body.subarray(0, MAX_REPORTED_BYTES).toString("utf8").trim();
      if (said !== "") this.#context.events.emit("run:push:failed", { run_id: runId, status, body: said });
      return { error: `endpoint returned ${status}`, errorClass: classOfStatus(status) };
    } catch (error) {
      if (!(error instanceof NoAnswerError)) {
        this.#context.events.emit("run:push:failed", { run_id: runId, status: 0, body: failureReason(error) });
        return unreachable(errorCode(error));
      }
      return { error: `endpoint did not answer within ${describeDuration(timeoutMs)}`, errorClass: "timeout" };
    }
  }
}

/** JSON as it is, anything else as a text. */
function readResult(body: Buffer): RawJson | undefined {
  if (body.length === 0) return undefined;
  const text = body.toString("utf8");
  try {
    JSON.parse(text);
    return new RawJson(compactJson(text));
  } catch {
    return RawJson.of(text);
  }
}

/** Converts a failed connection to the failure of an attempt, with the real server's text [strait 5.1]. */
function unreachable(code: string | undefined): AttemptFailure {
  const wasCut = code === "ECONNRESET" || code === "EPIPE";
  return { error: "http dispatch: Post: request failed", errorClass: wasCut ? "transient" : "connection" };
}
