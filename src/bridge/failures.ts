import { OpikError } from "../opik/wire/errors.ts";
import type { AttemptFailure } from "../strait/dispatch/attempts.ts";

/** What a job that could not be made means for its run. @throws the error itself when it says nothing of the job */
export function failureToBegin(error: unknown): AttemptFailure {
  if (!(error instanceof OpikError)) throw error;
  const { status, message } = error;
  if (status === 404 || status === 409) return { error: message, errorClass: "connection" };
  return { error: message, errorClass: status === 429 ? "rate_limited" : "client" };
}

/**
 * What a job that failed means for its run, by what Opik's server says of jobs that no agent has reported [opik 3.2].
 */
export function failureOfJob(error: string | undefined): AttemptFailure {
  if (error === "Runner disconnected") return { error, errorClass: "connection" };
  if (error?.startsWith("Job timed out after ")) return { error, errorClass: "timeout" };
  return { error: error ?? "the agent failed", errorClass: "server" };
}
