import type { Checkpoint, Delivery, Output, Run, RunAttempt, RunEvent, RunJob, RunParts } from "./api.ts";
import { compareTimes, durationBetween } from "./format.ts";

/** All records of a run. */
export interface WholeRun extends RunParts {
  run: Run;
  /** Absent when it was deleted. */
  job: RunJob | undefined;
  events: RunEvent[];
  checkpoints: Checkpoint[];
  outputs: Output[];
  children: Run[];
}

/** One thing that happened to a run. */
export interface Happening {
  time: string;
  /** A status, whose shape is shown. */
  status: string;
  text: string;
  data?: unknown;
  /** A run to go to. */
  runId?: string;
}

const TRIGGERS: Readonly<Record<string, string>> = {
  manual: "triggered by a client",
  cron: "triggered by its schedule",
  spawn: "created by its parent",
  job_chain: "triggered by the end of another run",
  job_failure: "triggered by the failure of another run",
};

/** How a run came about. */
export function triggerOf({ triggered_by }: Run): string {
  return TRIGGERS[triggered_by] ?? `created by ${triggered_by.replaceAll("_", " ")}`;
}

const CREATED: Pick<Happening, "status"> = { status: "pending" };

/** The history of a run, oldest first: attempts, lines of its history, checkpoints, waits, children, outputs, webhooks. */
export function historyOf(whole: WholeRun): Happening[] {
  const { run, attempts, events, checkpoints, outputs, waits, children, deliveries } = whole;
  const all: Happening[] = [
    { ...CREATED, time: run.created_at, text: triggerOf(run) },
    ...attempts.flatMap(attemptSteps),
    ...(run.started_at === undefined ? [] : [beginning(run.attempt, run.started_at)]),
    ...events.map(({ created_at, level, type, message, data }) => ({
      time: created_at,
      status: level === "error" ? "failed" : "off",
      text: type === "log" ? message : `${type.replaceAll("_", " ")}: ${message}`,
      ...(data === undefined ? {} : { data }),
    })),
    ...checkpoints.map(({ created_at, sequence, source, state }) => ({
      ...{ time: created_at, status: "off", text: `checkpoint ${sequence} by ${source}`, data: state },
    })),
    ...outputs.map(({ created_at, output_key, value }) => ({
      ...{ time: created_at, status: "off", text: `output ${output_key}`, data: value },
    })),
    ...waits.flatMap(waitSteps),
    ...children.map(({ id, created_at, status }) => ({
      ...{ time: created_at, status, text: `child ${status.replaceAll("_", " ")}`, runId: id },
    })),
    ...deliveries.map(deliveryStep),
    ...(run.finished_at === undefined ? [] : [endOf(run, run.finished_at)]),
  ];
  return all.toSorted((left, right) => compareTimes(left.time, right.time));
}

/** An attempt that was followed by another one. */
function attemptSteps({ attempt, status, started_at, finished_at, error }: RunAttempt): Happening[] {
  const why = error === undefined ? "" : `: ${error}`;
  const end = { time: finished_at, status, text: `attempt ${attempt} ${status.replaceAll("_", " ")}${why}` };
  return started_at === undefined ? [end] : [beginning(attempt, started_at), end];
}

function beginning(attempt: number, time: string): Happening {
  return { time, status: "executing", text: `attempt ${attempt} began` };
}

function waitSteps(wait: RunParts["waits"][number]): Happening[] {
  const { event_key, requested_at, received_at, status, response_payload, sent_by } = wait;
  const steps: Happening[] = [{ time: requested_at, status: "waiting", text: `waits for the event ${event_key}` }];
  if (received_at === undefined) return steps;
  const by = sent_by === undefined ? "" : ` from ${sent_by}`;
  const text = `event ${event_key} ${status.replaceAll("_", " ")}${by}`;
  return [
    ...steps,
    { time: received_at, status, text, ...(response_payload === undefined ? {} : { data: response_payload }) },
  ];
}

function deliveryStep({
  created_at,
  status,
  webhook_url,
  attempts,
  last_status_code,
  last_error,
  next_retry_at,
}: Delivery): Happening {
  const answer = last_error ?? (last_status_code === undefined ? "" : `HTTP ${last_status_code}`);
  const tries = attempts === 1 ? "" : `, ${attempts} attempts`;
  const next = next_retry_at === undefined ? "" : `, next attempt at ${next_retry_at}`;
  return { time: created_at, status, text: `webhook ${webhook_url} ${status} ${answer}${tries}${next}` };
}

function endOf(run: Run, time: string): Happening {
  const took = durationBetween(run.started_at, time);
  const text = `${run.status.replaceAll("_", " ")}${took === undefined ? "" : ` after ${took}`}`;
  return { time, status: run.status, text };
}
