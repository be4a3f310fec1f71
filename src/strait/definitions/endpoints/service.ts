import { postWithin } from "../../../http/client/post-within.ts";
import type { PostAnswer } from "../../../http/client/post.ts";
import type { StraitContext } from "../../context.ts";
import type { Caller } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { signature } from "../../wire/signature.ts";
import type { JobService } from "../jobs/service.ts";
import type { EndpointVerified } from "./schema.ts";

export interface EndpointServiceDependencies {
  jobs: JobService;
}

const TEST_BODY = '{"type":"endpoint.test"}';
const TIMEOUT_MS = 10_000;
const MAX_ANSWER_BYTES = 4_096;

/** Calls the endpoints of jobs to check that they answer. */
export class EndpointService {
  readonly #context: StraitContext;
  readonly #jobs: JobService;

  constructor(context: StraitContext, dependencies: EndpointServiceDependencies) {
    this.#context = context;
    this.#jobs = dependencies.jobs;
  }

  /**
   * Sends a signed test request to the job's endpoint, in the form of a push without a run. A redirect is no success,
   * because pushes do not follow it either.
   * @param signal aborted when the client has closed the connection
   * @throws StraitError 404, 400 for a job without an endpoint that is called by HTTP
   */
  async verify(caller: Caller, jobId: string, signal: AbortSignal): Promise<EndpointVerified> {
    const job = this.#jobs.require(caller, jobId);
    const url = job.definition.endpoint_url;
    if (!url) throw new StraitError(400, "job has no endpoint_url configured");
    if (!/^https?:/i.test(url)) throw new StraitError(400, "only http and https endpoints can be verified");
    const startedAt = this.#context.clock.now();
    const answer = await this.#call(url, job.signing_secret, signal);
    const latency_ms = this.#context.clock.now() - startedAt;
    if (answer === undefined) return { success: false, latency_ms, error: "connection to endpoint URL failed" };
    return { success: answer.status >= 200 && answer.status < 300, status_code: answer.status, latency_ms };
  }

  /** @returns `undefined` without an answer */
  async #call(url: string, secret: string | null, signal: AbortSignal): Promise<PostAnswer | undefined> {
    const now = this.#context.clock.now();
    const headers = {
      "content-type": "application/json",
      "user-agent": "Strait-Endpoint-Verify/1.0",
      "x-strait-timestamp": String(Math.floor(now / 1_000)),
      ...(secret === null ? {} : signature(secret, TEST_BODY, now)),
    };
    try {
      const request = { url, headers, body: TEST_BODY, signal, maxBytes: MAX_ANSWER_BYTES };
      return await postWithin(TIMEOUT_MS, this.#context.clock, request);
    } catch {
      // Refused, reset or not HTTP: the answer says that the endpoint could not be reached.
      return undefined;
    }
  }
}
