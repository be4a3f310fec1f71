import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { pushedJob } from "../control.ts";
import { workerJob } from "../given.ts";

const TRIGGER = "POST /v1/jobs/<job>/trigger";
/** Midnight of a 29th of February: so rare that a test never meets it. */
const LEAP_DAY = { execution_window_cron: "0 0 29 2 *" };
const ON_LEAP_DAY: unknown = expect.stringMatching(/^\d{4}-02-29T00:00:00Z$/);

/** A run that is triggered, and begins to execute when its job has another version. */
function overtaken(
  definition: Record<string, unknown>,
  changes: Record<string, unknown>,
  version: number,
): ConformanceCase {
  const [before, after] = [JSON.stringify(definition), JSON.stringify(changes)];
  return {
    name: `a run of ${before} begins at version ${version} of its job, changed by ${after}`,
    ours: "only here a token from the trigger's answer starts its run",
    given: [workerJob(definition)],
    steps: [
      {
        send: TRIGGER,
        status: 201,
        match: { status: "queued" },
        remember: {
          run: ({ json }) => (json as { id: string }).id,
          token: ({ json }) => (json as { run_token: string }).run_token,
        },
      },
      {
        send: "PATCH /v1/jobs/<job>",
        body: changes,
        status: 200,
        match: { version: 2 },
        remember: { version2: ({ json }) => (json as { version_id: string }).version_id },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued", job_version: 1 } },
      {
        send: "POST /sdk/v1/runs/<run>/heartbeat",
        headers: { authorization: "Bearer <token>" },
        status: 200,
        json: { status: "ok" },
      },
      {
        send: "GET /v1/runs/<run>",
        status: 200,
        match: {
          status: "executing",
          job_version: version,
          ...(version === 2 ? { job_version_id: "<version2>" } : {}),
        },
      },
    ],
  };
}

/** What a job's definition decides about its runs: their version [strait 4.1], and when they start. */
export const jobDecisionCases: readonly ConformanceCase[] = [
  overtaken({}, { timeout_secs: 60 }, 1),
  overtaken({ version_policy: "pin" }, { backwards_compatible: true }, 1),
  overtaken({ version_policy: "minor" }, { timeout_secs: 60 }, 1),
  overtaken({ version_policy: "minor" }, { backwards_compatible: true }, 2),
  overtaken({ version_policy: "latest" }, { timeout_secs: 60 }, 2),
  overtaken({ version_policy: "latest" }, { version_policy: "pin" }, 1),
  {
    name: "a run triggered outside of its job's execution window is delayed into it",
    given: [workerJob(LEAP_DAY)],
    steps: [
      {
        send: TRIGGER,
        status: 201,
        match: { status: "delayed" },
        remember: { run: ({ json }) => (json as { id: string }).id },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "delayed", scheduled_at: ON_LEAP_DAY } },
      { send: TRIGGER, body: { dry_run: true }, status: 200, match: { scheduled_at: ON_LEAP_DAY } },
      {
        send: `${TRIGGER}/bulk`,
        body: { items: [{}, {}] },
        status: 201,
        match: { results: [{ status: "delayed" }, { status: "delayed" }] },
      },
    ],
  },
  {
    name: "a run triggered within its job's execution window is queued at once",
    given: [workerJob({ execution_window_cron: "* * * * *", timezone: "Asia/Tokyo" })],
    steps: [
      {
        send: TRIGGER,
        status: 201,
        match: { status: "queued" },
        remember: { run: ({ json }) => (json as { id: string }).id },
      },
      { send: "GET /v1/runs/<run>", status: 200, match: { status: "queued" }, absent: ["scheduled_at"] },
    ],
  },
  {
    name: "what is asked for the past is refused whatever the window",
    given: [pushedJob(LEAP_DAY)],
    steps: [
      {
        send: TRIGGER,
        body: { scheduled_at: "2020-01-01T00:00:00Z" },
        status: 400,
        refusal: "scheduled_at must not be in the past",
      },
    ],
  },
];
