import * as v from "valibot";
import { type RequestMatcher, requestMatcher } from "../admin/journal/matcher.ts";
import { toJournaledRequest } from "../admin/journal/show.ts";
import type { TestRequest, TestRequestMatcher } from "./plain.ts";
import type { Running } from "./running.ts";
import { DEFAULT_TIMEOUT_MS, type WaitOptions, WaitTimeoutError } from "./waiting.ts";

/** The requests that clients have sent, but for those to `/__local`. */
export interface TestRequests {
  /**
   * Returns the requests that fulfil a matcher with their answers, oldest first; default all.
   *
   * ```ts
   * const [created] = await opik.requests.list({ operation: "createJob", body_json: { agent_name: "echo" } });
   * ```
   * @throws Error that names what is wrong with the matcher
   */
  list(matcher?: TestRequestMatcher): Promise<TestRequest[]>;
  /** Counts the requests that fulfil a matcher; default all. */
  count(matcher?: TestRequestMatcher): Promise<number>;
  /**
   * Waits until requests fulfil a matcher, counting those of before.
   * @param options `count`: how many requests; default 1
   * @throws WaitTimeoutError with the last requests
   */
  waitFor(matcher: TestRequestMatcher, options?: WaitOptions & { count?: number }): Promise<TestRequest[]>;
  /** Forgets all requests. */
  clear(): void;
}

/** How many of the last requests the error of a wait names. */
const NAMED_ON_TIMEOUT = 10;

/** The request journal of a server in the same process. */
export class LocalRequests implements TestRequests {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  async list(matcher: TestRequestMatcher = {}): Promise<TestRequest[]> {
    const { entries } = await this.#running().server.journal.find(this.#checked(matcher));
    return entries.map(toJournaledRequest);
  }

  async count(matcher: TestRequestMatcher = {}): Promise<number> {
    return (await this.#running().server.journal.find(this.#checked(matcher))).entries.length;
  }

  async waitFor(
    matcher: TestRequestMatcher,
    { count = 1, timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions & { count?: number } = {},
  ): Promise<TestRequest[]> {
    const { journal } = this.#running().server;
    const { entries } = await journal.waitFor(this.#checked(matcher), count, timeoutMs, new AbortController().signal);
    if (entries.length >= count) return entries.map(toJournaledRequest);
    const others = (await journal.find(this.#checked({}))).entries.slice(-NAMED_ON_TIMEOUT);
    const seen = others.map(({ method, path, status }) => `${method} ${path} (${status})`).join(", ") || "none";
    throw new WaitTimeoutError(
      `${entries.length} of ${count} requests came within ${timeoutMs} ms; the last ones: ${seen}`,
    );
  }

  clear(): void {
    const { server, workspace } = this.#running();
    if (workspace === undefined) server.journal.clear();
    else server.journal.clearWorkspace(workspace);
  }

  /** @throws Error that names what is wrong */
  #checked(matcher: TestRequestMatcher): RequestMatcher {
    const { workspace } = this.#running();
    const result = v.safeParse(requestMatcher, workspace === undefined ? matcher : { ...matcher, workspace });
    if (result.success) return result.output;
    const [issue] = result.issues;
    throw new Error(`The matcher of requests: ${v.getDotPath(issue) ?? ""}: ${issue.message}.`);
  }
}
