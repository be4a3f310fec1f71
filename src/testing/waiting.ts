import { type AwaitedStatus, awaitedStatus } from "../core/awaited-status.ts";
import { SystemClock } from "../core/clock.ts";
import type { EventSource } from "../core/events.ts";
import type { LocalEvents } from "../opik-local.ts";
import { checkNames } from "./checks.ts";

/** A wait that failed because its condition can no longer be met. */
class WaitError extends Error {
  override readonly name: string = "WaitError";
}

/** A wait whose timeout is over. */
export class WaitTimeoutError extends WaitError {
  override readonly name: string = "WaitTimeoutError";
}

export interface WaitOptions {
  /** How long to wait at most, in real milliseconds; default 4000. */
  timeoutMs?: number;
}

/** Less than vitest's five seconds for a test, so that the message of the wait is reported and not vitest's. */
export const DEFAULT_TIMEOUT_MS = 4_000;

interface Waiting {
  options: WaitOptions | undefined;
  events: EventSource<LocalEvents>;
  /** The function that the test has called: stack traces of errors begin at its caller. */
  method: (...parameters: never[]) => unknown;
}

/** A condition that is checked at once and after events. */
interface Wait<Result> extends Waiting {
  /** Checks the condition: returns the result, or `undefined` to continue waiting. An error ends the wait. */
  look(name?: string, payload?: unknown, workspace?: string): Result | undefined;
  /** Describes the state when the wait times out: `the job ... is pending`. */
  describe(): string;
}

/** A wait for something with a status, some of which are final. */
interface StatusWait<Thing extends { status: string }> extends Waiting {
  wanted: Thing["status"] | ((thing: Thing) => boolean);
  /** All statuses. */
  statuses: ReadonlyArray<Thing["status"]>;
  /** `job` */
  kind: string;
  find(): Thing | undefined;
  isAbout(name: string, payload: unknown): boolean;
  isEnd(status: Thing["status"]): boolean;
  /** `the job ... is pending` */
  describe(thing: Thing | undefined): string;
}

/** Events after which no condition can be met. */
const ENDS: Readonly<Record<string, string>> = { "server:reset": "reset", "server:stopped": "stopped" };

/** Waits for events, and never polls. A reset or a stop of the server ends the wait with an error. */
export function waitFor<Result>(wait: Wait<Result>): Promise<Result> {
  const { timeoutMs = DEFAULT_TIMEOUT_MS } = wait.options ?? {};
  const framesOfCall = framesAbove(wait.method);
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      if (error instanceof WaitError) error.stack = `${error.name}: ${error.message}\n${framesOfCall}`;
      reject(error);
    };
    const look = (name?: string, payload?: unknown, workspace?: string): boolean => {
      try {
        const result = wait.look(name, payload, workspace);
        const end = result === undefined ? ENDS[name ?? ""] : undefined;
        if (end !== undefined) throw new WaitError(`The server was ${end} while a test waited.`);
        if (result !== undefined) resolve(result);
        return result !== undefined;
      } catch (error) {
        fail(error);
        return true;
      }
    };
    try {
      checkNames(Object.keys(wait.options ?? {}), ["timeoutMs"], "option of a wait");
    } catch (error) {
      reject(error);
      return;
    }
    if (look()) return;
    const end = (): void => {
      stopListening();
      timer.cancel();
    };
    const stopListening = wait.events.onAny(({ payload, name, workspace }) => {
      if (look(name, payload, workspace)) end();
    });
    // Real time, also with a virtual clock: a test that hangs must fail. The timer keeps the process alive; without an
    // open port it would end without a message.
    const timer = new SystemClock({ keepsAlive: true }).schedule(timeoutMs, () => {
      end();
      fail(new WaitTimeoutError(`Waited ${timeoutMs} ms: ${wait.describe()}`));
    });
  });
}

/** Waits until something has a status or fulfils a condition. Fails at once when it has ended in another status. */
export function waitForStatus<Thing extends { status: string }>(wait: StatusWait<Thing>): Promise<Thing> {
  const { wanted, statuses, kind } = wait;
  const outcomeOf = (thing: Thing): AwaitedStatus => {
    if (typeof wanted === "function") return wanted(thing) ? "reached" : "open";
    return awaitedStatus<Thing["status"]>(thing, wanted, wait.isEnd);
  };
  return waitFor({
    ...wait,
    describe: () => wait.describe(wait.find()),
    look: (name, payload) => {
      if (name !== undefined && !wait.isAbout(name, payload)) return undefined;
      if (typeof wanted === "string") checkNames([wanted], statuses, `status of a ${kind}`);
      const thing = wait.find();
      if (thing === undefined) throw new WaitError(`${wait.describe(thing)}.`);
      const outcome = outcomeOf(thing);
      if (outcome === "impossible") throw new WaitError(`${wait.describe(thing)}, and never will be ${String(wanted)}`);
      return outcome === "reached" ? thing : undefined;
    },
  });
}

/** Returns the stack trace of the call of a method, which has to be taken during the call. */
function framesAbove(method: Waiting["method"]): string {
  const called = { stack: "" };
  Error.captureStackTrace(called, method);
  return called.stack.split("\n").slice(1).join("\n");
}
