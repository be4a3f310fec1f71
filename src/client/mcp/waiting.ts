import { SystemClock } from "../../core/clock.ts";
import { RefusedError } from "../call.ts";
import type { OpikLocalClient } from "../client.ts";

/** How long the server may take to answer, besides the wait. */
const ANSWER_TIMEOUT_MS = 5_000;

/**
 * Waits until a job or run has ended. The limit is real time, because the server's clock may be virtual and stand still.
 * @param subject the id of a job or run
 * @param seconds the limit; 0 does not wait
 * @param signal ends the wait when the caller gives it up
 * @throws RefusedError for an unknown job or run
 */
export async function waitForEnd(
  { call }: OpikLocalClient,
  subject: { job: string } | { run: string },
  seconds: number,
  signal: AbortSignal,
): Promise<void> {
  if (seconds === 0) return;
  const limitMs = seconds * 1_000;
  const ended = new AbortController();
  const end = (): void => ended.abort();
  const timer = new SystemClock({ keepsAlive: true }).schedule(limitMs, end);
  signal.addEventListener("abort", end, { once: true });
  try {
    await call("GET", "/__local/wait", {
      query: { ...subject, timeout: `${limitMs}ms` },
      signal: ended.signal,
      timeoutMs: limitMs + ANSWER_TIMEOUT_MS,
    });
  } catch (error) {
    const isTimeout = ended.signal.aborted || (error instanceof RefusedError && error.status === 408);
    if (!isTimeout) throw error;
  } finally {
    timer.cancel();
    signal.removeEventListener("abort", end);
  }
}
