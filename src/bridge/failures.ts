import type { JobRow } from "../opik/runners/jobs/row.ts";
import { OpikError } from "../opik/wire/errors.ts";
import type { AttemptFailure } from "../strait/dispatch/attempts.ts";

/** Converts an error of creating a job to the failure of its run. @throws the error itself when it is not about the job */
export function failureToBegin(error: unknown): AttemptFailure {
  if (!(error instanceof OpikError)) throw error;
  const { status, message } = error;
  if (status === 404 || status === 409) return { error: message, errorClass: "connection" };
  return { error: message, errorClass: status === 429 ? "rate_limited" : "client" };
}

/** Converts a failed job to the failure of its run, which depends on whether the agent or the server failed it [opik 3.2]. */
export function failureOfJob({ error, failure }: Pick<JobRow, "error" | "failure">): AttemptFailure {
  return { error: error ?? "the agent failed", errorClass: failure === null ? "server" : ERROR_CLASSES[failure] };
}

const ERROR_CLASSES = { "runner-gone": "connection", "timed-out": "timeout" } as const;
