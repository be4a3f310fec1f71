import type { RequestMatcher } from "../admin/journal/matcher.ts";
import type { JournaledRequest, RequestList } from "../admin/journal/schema.ts";
import type { Call } from "./call.ts";

const REQUESTS = "/__local/requests";

/** The limit of requests in one answer. */
const MAX_LISTED = 1_000;

/** The request journal of a server. */
export class ClientRequests {
  readonly #call: Call;

  constructor(call: Call) {
    this.#call = call;
  }

  /** Finds the requests that fulfil a matcher, oldest first; of more than the limit the last ones. */
  async find(matcher: RequestMatcher, limit: number = MAX_LISTED): Promise<JournaledRequest[]> {
    return (await this.#call("POST", `${REQUESTS}/find`, { body: { ...matcher, limit } })).json<RequestList>().requests;
  }

  async count(matcher: RequestMatcher): Promise<number> {
    return (await this.#call("POST", `${REQUESTS}/count`, { body: matcher })).json<{ count: number }>().count;
  }

  /**
   * Waits until as many requests fulfil a matcher, counting those of before.
   * @throws RefusedError 408 when they have not come within the timeout
   */
  async waitFor(matcher: RequestMatcher, count: number, timeoutMs: number): Promise<JournaledRequest[]> {
    const body = { ...matcher, count, timeout: `${timeoutMs}ms` };
    // The answer comes at the end of the timeout at the latest.
    const reply = await this.#call("POST", `${REQUESTS}/wait`, { body, timeoutMs: timeoutMs + ANSWER_TIMEOUT_MS });
    return reply.json<RequestList>().requests;
  }

  /** Forgets all requests. @param workspace only those of this one */
  async clear(workspace?: string): Promise<void> {
    await this.#call("DELETE", REQUESTS, { query: { workspace } });
  }
}

/** How long an answer may take, besides what it waits for. */
const ANSWER_TIMEOUT_MS = 5_000;
