import { type Call, RefusedError } from "../../client/call.ts";
import type { OpikLocalClient } from "../../client/client.ts";
import { SystemClock } from "../../core/clock.ts";
import { DEFAULT_TIMEOUT_MS, type WaitOptions, WaitTimeoutError } from "../waiting.ts";

/** How often a condition that only this process can check is checked, in milliseconds of real time. */
const CHECK_INTERVAL_MS = 50;

/**
 * Waits until the server says that a job or run has a status.
 * @param describe how it is, for the error
 * @throws WaitTimeoutError; RefusedError at once when it has ended in another status, or does not exist
 */
export async function waitForRemoteStatus(
  call: Call,
  query: { job?: string; run?: string; status: string },
  describe: () => Promise<string>,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {},
): Promise<void> {
  const timeout = new AbortController();
  // Real time, as the virtual clock of the server may stand still.
  const timer = new SystemClock({ keepsAlive: true }).schedule(timeoutMs, () => timeout.abort());
  try {
    await call("GET", "/__local/wait", { query: { ...query, timeout: "10m" }, signal: timeout.signal });
  } catch (error) {
    if (!timeout.signal.aborted) throw error;
    throw new WaitTimeoutError(`Waited ${timeoutMs} ms: ${await describe()}`);
  } finally {
    timer.cancel();
  }
}

/**
 * Waits until a condition that is checked in this process is fulfilled.
 * @param find returns what is as wanted; `undefined` to continue waiting
 * @throws WaitTimeoutError, and what `find` throws
 */
export async function waitForRemote<Result>(
  find: () => Promise<Result | undefined>,
  describe: () => Promise<string>,
  { timeoutMs = DEFAULT_TIMEOUT_MS }: WaitOptions = {},
): Promise<Result> {
  const clock = new SystemClock({ keepsAlive: true });
  const end = clock.now() + timeoutMs;
  for (;;) {
    const found = await find();
    if (found !== undefined) return found;
    if (clock.now() >= end) throw new WaitTimeoutError(`Waited ${timeoutMs} ms: ${await describe()}`);
    await new Promise<void>((resolve) => clock.schedule(CHECK_INTERVAL_MS, resolve));
  }
}

/** The result; `undefined` for what does not exist. */
export async function orUndefined<Result>(result: Promise<Result>): Promise<Result | undefined> {
  try {
    return await result;
  } catch (error) {
    if (error instanceof RefusedError && error.status === 404) return undefined;
    throw error;
  }
}

/** Why a job or run has not got on: `the job … is pending: …`. @param id of it */
export async function reasonOf(client: OpikLocalClient, id: string): Promise<string> {
  const { kind, status, reason } = await client.why(id);
  return `the ${kind} ${id} is ${status}: ${reason}`;
}
