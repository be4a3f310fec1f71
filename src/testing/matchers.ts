import type { ConnectedServer } from "./connected-server.ts";
import type { TestJob } from "./jobs.ts";
import type { TestRequestMatcher } from "./plain.ts";
import type { TestRun } from "./runs.ts";
import type { TestServer } from "./test-server.ts";
import { WaitTimeoutError, type WaitOptions } from "./waiting.ts";

/** A server of `startOpikLocal` or `connectOpikLocal`. */
type AnyServer = TestServer | ConnectedServer;

/** The context that vitest and jest pass to a matcher. */
interface MatcherContext {
  isNot?: boolean;
  equals(a: unknown, b: unknown): boolean;
}

/** The result of a matcher for vitest and jest. */
export interface MatcherResult {
  pass: boolean;
  message: () => string;
  actual?: unknown;
  expected?: unknown;
}

/** What the matchers add to `expect(server)`. Each is awaited; with `not`, nothing is waited for. */
export interface OpikMatchers<Result> {
  /**
   * A job or executor run is completed, or becomes so within the timeout.
   *
   * ```ts
   * await expect(opik).toHaveCompleted(id, { text: "hello" });
   * ```
   * @param result what it has resulted in, as `toEqual` compares; default anything
   */
  toHaveCompleted(id: string, result?: unknown, options?: WaitOptions): Promise<Result>;
  /**
   * A job or executor run has logged a text, or does so within the timeout.
   *
   * ```ts
   * await expect(opik).toHaveLogged(id, /thinking about \w+/);
   * ```
   */
  toHaveLogged(id: string, text: string | RegExp, options?: WaitOptions): Promise<Result>;
  /**
   * A client has sent requests, or does so within the timeout.
   *
   * ```ts
   * await expect(opik).toHaveRequested({ operation: "createJob" }, { times: 2 });
   * ```
   * @param options `times`: exactly as many; default one or more
   */
  toHaveRequested(matcher: TestRequestMatcher, options?: WaitOptions & { times?: number }): Promise<Result>;
}

/**
 * Matchers for `expect.extend` of vitest and jest. `opik-local/vitest` has added them already.
 *
 * ```ts
 * import { matchers } from "opik-local/testing";
 * expect.extend(matchers);
 * ```
 */
export const matchers = { toHaveCompleted, toHaveLogged, toHaveRequested };

async function toHaveCompleted(
  this: MatcherContext,
  server: AnyServer,
  id: string,
  result?: unknown,
  options?: WaitOptions,
): Promise<MatcherResult> {
  return attempt(async () => {
    const work = await workOf(server, id);
    const { status, result: actual } = this.isNot === true ? await work.get() : await work.completed(options);
    const isCompleted = status === "completed";
    if (!isCompleted || result === undefined) {
      return { pass: isCompleted, message: () => `${work.kind} ${id} is ${status}` };
    }
    const message = (): string => `${work.kind} ${id} is completed with ${show(actual)}`;
    return { pass: this.equals(actual, result), message, actual, expected: result };
  });
}

async function toHaveLogged(
  this: MatcherContext,
  server: AnyServer,
  id: string,
  text: string | RegExp,
  options?: WaitOptions,
): Promise<MatcherResult> {
  const isWanted = (logged: string): boolean =>
    typeof text === "string" ? logged.includes(text) : new RegExp(text).test(logged);
  return attempt(async () => {
    const work = await workOf(server, id);
    const logged = this.isNot === true ? await work.logged() : await work.untilLogged(isWanted, options);
    return { pass: isWanted(logged), message: () => `${work.kind} ${id} has logged ${show(logged)}` };
  });
}

async function toHaveRequested(
  this: MatcherContext,
  { requests }: AnyServer,
  matcher: TestRequestMatcher,
  { times, ...options }: WaitOptions & { times?: number } = {},
): Promise<MatcherResult> {
  return attempt(async () => {
    if (this.isNot !== true && times !== 0) await requests.waitFor(matcher, { count: times ?? 1, ...options });
    const count = await requests.count(matcher);
    const message = (): string => `${count} requests are as ${show(matcher)}`;
    return { pass: times === undefined ? count > 0 : count === times, message };
  });
}

/** What both kinds of work have in common. */
interface Work {
  kind: "job" | "run";
  get(): Promise<{ status: string; result?: unknown }>;
  completed(options?: WaitOptions): Promise<{ status: string; result?: unknown }>;
  /** Everything that it has logged. */
  logged(): Promise<string>;
  /** The same, as soon as it is as wanted. */
  untilLogged(isWanted: (text: string) => boolean, options?: WaitOptions): Promise<string>;
}

/** Finds out whether an id is that of a job or of a run. @throws Error when it is neither */
async function workOf({ jobs, runs }: AnyServer, id: string): Promise<Work> {
  if ((await jobs.get(id)) !== undefined) {
    return {
      kind: "job",
      get: async () => present(await jobs.get(id)),
      completed: (options) => jobs.waitFor(id, "completed", options),
      logged: async () => textOfJob(present(await jobs.get(id))),
      untilLogged: async (isWanted, options) =>
        textOfJob(await jobs.waitFor(id, (job) => isWanted(textOfJob(job)), options)),
    };
  }
  if ((await runs.get(id)) === undefined) throw new Error(`There is no job and no run ${id}.`);
  return {
    kind: "run",
    get: async () => present(await runs.get(id)),
    completed: (options) => runs.waitFor(id, "completed", options),
    logged: async () => textOfRun(present(await runs.get(id))),
    untilLogged: async (isWanted, options) =>
      textOfRun(await runs.waitFor(id, (run) => isWanted(textOfRun(run)), options)),
  };
}

function present<Thing>(thing: Thing | undefined): Thing {
  if (thing === undefined) throw new Error("It was deleted meanwhile.");
  return thing;
}

function textOfJob({ logs }: TestJob): string {
  return logs.map(({ text }) => text).join("\n");
}

function textOfRun({ events }: TestRun): string {
  return events.map(({ message }) => message).join("\n");
}

/** A wait that has failed is an assertion that has failed, with the same message. */
async function attempt(match: () => Promise<MatcherResult>): Promise<MatcherResult> {
  try {
    return await match();
  } catch (error) {
    if (!(error instanceof Error) || !isFailedWait(error)) throw error;
    return { pass: false, message: () => error.message };
  }
}

function isFailedWait({ name }: Error): boolean {
  return name === "WaitError" || name === WaitTimeoutError.name || name === "RefusedError";
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? "nothing";
}
