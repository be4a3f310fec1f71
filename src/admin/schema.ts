import * as v from "valibot";
import { LOADED_SECTIONS, type LoadedSection } from "../fixtures/format/sections.ts";
import { anyJson } from "../http/schema.ts";

const count = v.pipe(v.number(), v.integer());
const counts = v.record(v.string(), count);
const time = v.pipe(v.string(), v.isoTimestamp());
const uuid = v.pipe(v.string(), v.uuid());

/** Body of the errors. */
export const localError = v.object({
  error: v.object({ message: v.string(), details: v.optional(v.array(v.unknown())) }),
});

/** Answer of `GET /__local/state`. */
export const state = v.object({
  version: v.string(),
  /** Absent when the server does not listen. */
  url: v.optional(v.string()),
  database: v.string(),
  clock: v.picklist(["system", "virtual"]),
  now: time,
  started_at: time,
  uptime_ms: count,
  workspaces: v.array(v.string()),
  open_polls: count,
  projects: v.array(v.object({ id: uuid, name: v.string(), workspace: v.string() })),
  runners: v.array(
    v.object({
      id: uuid,
      name: v.string(),
      type: v.string(),
      project_id: uuid,
      workspace: v.string(),
      status: v.string(),
      connected_at: time,
      /** When its heartbeats stopped to count; absent while it is connected. */
      disconnected_at: v.optional(time),
      /** Whether it polls, counting the pause between two polls. Pending jobs of a runner that does not poll wait. */
      polls: v.boolean(),
      /** How many polls for jobs and commands it holds open now. */
      open_polls: count,
      agents: v.array(v.string()),
      jobs: counts,
    }),
  ),
  /** How many jobs are in each status. */
  jobs: counts,
  /** How many bridge commands are in each status. */
  bridge_commands: counts,
  executor_jobs: v.array(
    v.object({
      ...{ id: uuid, slug: v.string(), project_id: v.string(), paused: v.boolean(), runs: counts },
      /** When its schedule fires next; absent without a schedule, and while it is paused. */
      next_at: v.optional(time),
    }),
  ),
  /** How many executor runs are in each status. */
  executor_runs: counts,
});
export type State = v.InferOutput<typeof state>;

/** Body of `POST /__local/fixtures` and `PUT /__local/state`: files that belong together, or without `files` one fixture itself. */
export const loadRequest = v.pipe(
  v.looseObject({ files: v.optional(v.array(v.object({ name: v.string(), text: v.string() }))) }),
  v.check((body) => Object.keys(body).length > 0, "needs files, or the sections of a fixture"),
  v.check(
    (body) => !("open_polls" in body),
    "is the summary of GET /__local/state, but needs the whole state, which GET /__local/fixtures writes",
  ),
);

const outcome = v.object({ added: count, changed: count, unchanged: count });

/** Answer of `POST /__local/fixtures`. */
export const loadResponse = v.object(
  Object.fromEntries(LOADED_SECTIONS.map((section) => [section, outcome])) as Record<LoadedSection, typeof outcome>,
);

/** Answer of `GET /__local/fixtures`: a fixture (see `fixtures/schema.json`). */
export const exportResponse = anyJson;

/** Answer of `PUT /__local/state`. */
export const replaceResponse = v.object({ loaded: loadResponse, generation: count });

/** Answer of `POST /__local/stop`. */
export const stopResponse = v.object({ pid: count });
