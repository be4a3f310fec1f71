import { type IdSource, randomHex } from "../../core/ids.ts";
import { secretHeader } from "../definitions/secrets/header.ts";
import type { Checkpoint } from "../records/checkpoints/schema.ts";
import type { RunRow } from "../run/run.ts";
import { signature } from "../wire/signature.ts";

/** The parts of a push besides the payload. */
export interface PushFacts {
  run: RunRow;
  token: string;
  signingSecret: string | null;
  /** The job's own. */
  secrets: ReadonlyArray<{ secret_key: string; value: string }>;
  /** The run's last one, if it has any. */
  checkpoint: Checkpoint | undefined;
  /** Milliseconds since the epoch. */
  now: number;
  ids: IdSource;
}

const MAX_CHECKPOINT_BYTES = 65_536;
const MAX_ERROR_LENGTH = 2_048;

/**
 * The headers of a push [strait 5.1]. The last checkpoint is sent whenever there is one: it carries the event
 * that a run has waited for, also on the first attempt [strait 3.5].
 */
export function pushHeaders({
  run,
  token,
  signingSecret,
  secrets,
  checkpoint,
  now,
  ids,
}: PushFacts): Record<string, string> {
  const previousError = run.attempt > 1 ? run.previous_error : null;
  return {
    "content-type": "application/json",
    "x-run-id": run.id,
    "x-job-id": run.job_id,
    "x-attempt": String(run.attempt),
    "x-run-token": token,
    ...Object.fromEntries(secrets.map(({ secret_key, value }) => secretHeader(secret_key, value))),
    ...(signingSecret === null ? {} : signature(signingSecret, run.payload_json ?? "", now)),
    ...traceHeaders(run, ids),
    ...(checkpoint === undefined ? {} : checkpointHeaders(checkpoint)),
    ...(previousError === null ? {} : { "x-previous-error": headerText(previousError).slice(0, MAX_ERROR_LENGTH) }),
  };
}

/** As they came with the trigger; without a trace of Sentry's the run begins one, which all its attempts share. */
function traceHeaders({ id, trace_headers_json }: RunRow, ids: IdSource): Record<string, string> {
  const begun = `${id.replaceAll("-", "")}-${randomHex(ids, 8)}`;
  const given = trace_headers_json === null ? {} : (JSON.parse(trace_headers_json) as Record<string, string>);
  return { "sentry-trace": begun, ...given };
}

function checkpointHeaders({ state, created_at }: Checkpoint): Record<string, string> {
  // Headers are ASCII; JSON can escape everything else.
  const text = state.text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`);
  return text.length > MAX_CHECKPOINT_BYTES ? {} : { "x-last-checkpoint": text, "x-checkpoint-at": created_at };
}

/** Replaces what a header cannot contain by spaces. */
function headerText(text: string): string {
  return text.replace(/[^ -~]+/g, " ").trim();
}
