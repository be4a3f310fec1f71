import type { RawJson } from "../../core/json.ts";
import { RUN_STATUSES, isTerminal, type RunStatus } from "../../strait/run/state-machine.ts";
import type { RecordedExchange } from "./exchange.ts";
import { readScores } from "./scores.ts";
import { definitionOf, fieldsOf, readState, type RecordedState, textOf } from "./state.ts";
import { type ProjectEntry, tracesOf } from "./traces.ts";

type Fields = ReadonlyMap<string, RawJson>;

const ENDED_JOBS: ReadonlySet<string> = new Set(["completed", "failed", "cancelled"]);
const ENDED_COMMANDS: ReadonlySet<string> = new Set(["completed", "failed", "timed_out"]);
const STARTED: ReadonlySet<string> = new Set(["running", "completed", "failed"]);
const NEVER = "never";

/**
 * Converts a recording to a fixture: the projects, runners, agents, jobs, bridge commands, executor jobs and runs, traces and
 * spans of its exchanges, with the scores that they were given, so that it can be loaded, and the exchanges, so that it can be replayed.
 * @param beganAt when the recording began, in milliseconds since the epoch
 */
export function toFixture(recorded: readonly RecordedExchange[], beganAt: number): Record<string, object[]> {
  const exchanges = recorded.toSorted((left, right) => left.received - right.received);
  const state = readState(exchanges);
  const runners = runnersOf(state);
  const now = new Date(beganAt).toISOString();
  const { projects, traces, spans, threads } = tracesOf(state, readScores(exchanges), projectsOf(state, runners));
  const sections = {
    projects,
    runners: [...runners].map(([id, runner]) => runnerEntry(id, runner, state, now)),
    jobs: jobEntries(state, runners, now),
    bridge_commands: commandEntries(state, runners, now),
    executor_jobs: [...state.executorJobs].map(([id, job]) => executorJobEntry(id, job)),
    executor_runs: runEntries(state),
    ...{ traces, spans, threads, exchanges },
  };
  return Object.fromEntries(Object.entries(sections).filter(([, entries]) => entries.length > 0));
}

interface KnownRunner {
  project: string;
  type: "endpoint" | "connect";
  name: string;
  fields: Fields;
}

/** Runners whose project is known: of several of one type, the one that was seen last. */
function runnersOf(state: RecordedState): Map<string, KnownRunner> {
  const ofJobs = [...state.jobs.values()].map((job) => [textOf(job.get("runner_id")), job.get("project_id")] as const);
  const projects = new Map(ofJobs.map(([runner, project]) => [runner, textOf(project)]));
  const ids = new Set([...state.runners.keys(), ...state.agents.keys(), ...projects.keys()]);
  const known = new Map<string, { id: string; runner: KnownRunner }>();
  for (const id of ids) {
    const fields = (id && state.runners.get(id)) || new Map<string, RawJson>();
    const project = textOf(fields.get("project_id")) ?? projects.get(id);
    if (id === undefined || project === undefined) continue;
    const type = textOf(fields.get("type")) === "connect" ? "connect" : "endpoint";
    const name = textOf(fields.get("name")) ?? `runner-${id.slice(-4)}`;
    known.set(`${project}:${type}`, { id, runner: { project, type, name, fields } });
  }
  return new Map([...known.values()].map(({ id, runner }) => [id, runner]));
}

function projectsOf(state: RecordedState, runners: ReadonlyMap<string, KnownRunner>): ProjectEntry[] {
  const ids = new Set([...state.projects.keys(), ...[...runners.values()].map(({ project }) => project)]);
  return [...ids].map((id) => {
    const project = state.projects.get(id);
    const name = textOf(project?.get("name")) ?? `project-${id.slice(-4)}`;
    return { name, id, description: textOf(project?.get("description")) };
  });
}

function runnerEntry(
  id: string,
  { project, type, name, fields }: KnownRunner,
  state: RecordedState,
  now: string,
): object {
  const registered = state.agents.get(id);
  const agents = registered && [...registered].map(([agent, definition]) => agentEntry(agent, definition));
  return defined({
    ...{ name, id, project, type, keep_alive: true },
    connected_at: textOf(fields.get("connected_at")) ?? now,
    agents,
  });
}

const AGENT_FIELDS = new Set(["description", "language", "executable", "source_file", "params", "timeout"]);

function agentEntry(name: string, definition: RawJson): object {
  const fields = definition.isObject ? fieldsOf(definition) : new Map<string, RawJson>();
  const known = [...fields].filter(([field, value]) => AGENT_FIELDS.has(field) && !value.isNull);
  return { name, ...Object.fromEntries(known) };
}

function jobEntries(state: RecordedState, runners: ReadonlyMap<string, KnownRunner>, now: string): object[] {
  const onlyRunner = runners.size === 1 ? [...runners.keys()][0] : undefined;
  return [...state.jobs].flatMap(([id, job]) => {
    const project = textOf(job.get("project_id"));
    const served = [...runners].find(([, runner]) => runner.project === project && runner.type === "endpoint");
    const runner = textOf(job.get("runner_id")) ?? served?.[0] ?? onlyRunner;
    const agent = textOf(job.get("agent_name"));
    if (runner === undefined || agent === undefined || runners.get(runner)?.type !== "endpoint") return [];
    const status = textOf(job.get("status")) ?? "pending";
    const created = textOf(job.get("created_at")) ?? now;
    const hasEnded = ENDED_JOBS.has(status);
    const started = textOf(job.get("started_at")) ?? (STARTED.has(status) ? created : undefined);
    return [
      defined({
        ...{ runner, id, agent, status, created_at: created },
        agent_is_gone: state.agents.get(runner)?.has(agent) === true ? undefined : true,
        inputs: job.get("inputs"),
        result: job.get("result"),
        error: textOf(job.get("error")),
        trace_id: textOf(job.get("trace_id")),
        logs: state.logs.get(id),
        started_at: hasEnded ? (started ?? NEVER) : started,
        completed_at: hasEnded ? (textOf(job.get("completed_at")) ?? started ?? created) : undefined,
      }),
    ];
  });
}

function commandEntries(state: RecordedState, runners: ReadonlyMap<string, KnownRunner>, now: string): object[] {
  return [...state.commands].flatMap(([id, command]) => {
    const runner = textOf(command.get("runner_id"));
    const [type, args] = [textOf(command.get("type")), command.get("args")];
    if (runner === undefined || !runners.has(runner) || type === undefined || args === undefined) return [];
    const status = textOf(command.get("status")) ?? "pending";
    const submitted = textOf(command.get("submitted_at")) ?? now;
    const picked = textOf(command.get("picked_up_at")) ?? (status === "pending" ? undefined : submitted);
    return [
      defined({
        ...{ runner, id, type, args, status, submitted_at: submitted, picked_up_at: picked },
        result: command.get("result"),
        error: command.get("error"),
        duration_ms: command.get("duration_ms"),
        completed_at: ENDED_COMMANDS.has(status) ? (textOf(command.get("completed_at")) ?? picked) : undefined,
      }),
    ];
  });
}

function executorJobEntry(id: string, job: Fields): object {
  const slug = textOf(job.get("slug")) ?? id;
  return defined({
    ...{ slug, id, name: textOf(job.get("name")) },
    project: textOf(job.get("project_id")),
    definition: definitionOf(new Map(job)),
    created_at: textOf(job.get("created_at")),
  });
}

/** Runs that have ended: others would be executed again when they are loaded. */
function runEntries(state: RecordedState): object[] {
  return [...state.runs].flatMap(([id, run]) => {
    const job = textOf(run.get("job_id"));
    const status = RUN_STATUSES.find((one: RunStatus) => one === textOf(run.get("status")));
    if (job === undefined || status === undefined || !isTerminal(status)) return [];
    const isGone = !state.executorJobs.has(job);
    return [
      defined({
        ...{ id, job, status },
        job_is_gone: isGone ? true : undefined,
        project: isGone ? textOf(run.get("project_id")) : undefined,
        payload: run.get("payload"),
        result: run.get("result"),
        error: textOf(run.get("error")),
        attempt: run.get("attempt"),
        created_at: textOf(run.get("created_at")),
        started_at: textOf(run.get("started_at")),
        finished_at: textOf(run.get("finished_at")),
      }),
    ];
  });
}

function defined(fields: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
