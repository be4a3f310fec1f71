/** A timer of the computer, as far as a clock needs it. */
export interface Timeout {
  /** The process may end before it fires. */
  unref(): unknown;
}

/** What a clock needs of the computer; a test gives one that it drives itself. */
export interface NodeTimers {
  setTimeout(task: () => void, delayMs: number): Timeout;
  clearTimeout(timeout: Timeout | undefined): void;
  /** Milliseconds since the epoch; jumps when the computer's clock is set and when the computer was asleep. */
  wallTime(): number;
  /** Milliseconds since any moment; only ever moves forward, and stands still while the computer is asleep. */
  monotonicTime(): number;
}

const { setTimeout, clearTimeout, setImmediate, queueMicrotask, Date } = globalThis;
const { hrtime } = process;

/**
 * Node's own timers, taken when this module is loaded: fake timers that a test installs later
 * (`vi.useFakeTimers()`) do not stop the server.
 */
export const nodeTimers: NodeTimers = {
  setTimeout: (task, delayMs) => setTimeout(task, delayMs),
  // It gets only what `setTimeout` has returned.
  clearTimeout: (timeout) => clearTimeout(timeout as NodeJS.Timeout | undefined),
  wallTime: Date.now.bind(Date),
  // Not `performance.now`, with which Node loads all that measures a program: a start takes longer by 2 in 100.
  monotonicTime: () => {
    const [seconds, nanoseconds] = hrtime();
    return seconds * 1e3 + nanoseconds / 1e6;
  },
};

/** Runs `task` in the next turn of the event loop, after the input that is ready now. */
export function inNextTurn(task: () => void): void {
  setImmediate(task);
}

/** Runs `task` when the present synchronous work is done, before any input. */
export function afterThisWork(task: () => void): void {
  queueMicrotask(task);
}
