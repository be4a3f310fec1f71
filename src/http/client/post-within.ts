import type { Clock } from "../../core/clock.ts";
import { describeDuration } from "../../core/durations.ts";
import { post, type PostAnswer, type PostRequest } from "./post.ts";

/** Thrown when a POST was not answered in time. */
export class NoAnswerError extends Error {}

/**
 * Sends a POST with a timeout on the server's clock.
 * @throws NoAnswerError then, else as `post`
 */
export async function postWithin(timeoutMs: number, clock: Clock, request: PostRequest): Promise<PostAnswer> {
  const call = new AbortController();
  const end = (): void => call.abort();
  let isLate = false;
  const timer = clock.schedule(timeoutMs, () => {
    isLate = true;
    end();
  });
  request.signal.addEventListener("abort", end);
  if (request.signal.aborted) end();
  try {
    return await post({ ...request, signal: call.signal });
  } catch (error) {
    throw isLate ? new NoAnswerError(`no answer within ${describeDuration(timeoutMs)}`) : error;
  } finally {
    timer.cancel();
    request.signal.removeEventListener("abort", end);
  }
}
