import type { State } from "../admin/schema.ts";
import type { Call, Reply } from "./call.ts";
import { findOne, isUuid, NotFoundError } from "./matching.ts";
import type { LogEntry, PlainJob } from "./plain.ts";

/** Where everything about runners is. */
export const LOCAL_RUNNERS = "/api/v1/private/local-runners";

/** The largest page of jobs, and how many pages of a runner's jobs are searched. */
const PAGE_SIZE = 100;
const MAX_PAGES = 20;

/** A job to submit. */
export interface NewJob {
  /** Name of the agent. */
  agent: string;
  /** Name of the project; default the only one whose runner has the agent. */
  project?: string | undefined;
  /** Any JSON. */
  inputs?: unknown;
}

/** Which jobs of a list. */
export interface JobFilter {
  /** Name of the project. */
  project?: string | undefined;
  status?: string | undefined;
  /** How many of the newest. */
  limit: number;
}

/** The jobs of Opik's runners. */
export class ClientJobs {
  readonly #call: Call;
  readonly #state: () => Promise<State>;

  constructor(call: Call, state: () => Promise<State>) {
    this.#call = call;
    this.#state = state;
  }

  /**
   * Submits a job.
   * @returns its id
   * @throws NotFoundError when no runner or more than one project has the agent
   */
  async create({ agent, project, inputs }: NewJob): Promise<string> {
    const project_id = projectFor(await this.#state(), agent, project);
    const body = { agent_name: agent, project_id, ...(inputs === undefined ? {} : { inputs }) };
    return (await this.#call("POST", `${LOCAL_RUNNERS}/jobs`, { body })).createdId;
  }

  async get(id: string): Promise<PlainJob> {
    return (await this.reply(id)).json();
  }

  /** The job as the server has written it. */
  reply(id: string): Promise<Reply> {
    return this.#call("GET", `${LOCAL_RUNNERS}/jobs/${encodeURIComponent(id)}`);
  }

  /** The output of the agent. @param offset how many entries are left out at the beginning */
  async logs(id: string, offset = 0): Promise<LogEntry[]> {
    return (
      await this.#call("GET", `${LOCAL_RUNNERS}/jobs/${encodeURIComponent(id)}/logs`, { query: { offset } })
    ).json();
  }

  async cancel(id: string): Promise<void> {
    await this.#call("POST", `${LOCAL_RUNNERS}/jobs/${encodeURIComponent(id)}/cancel`);
  }

  /** The newest jobs of all runners, newest first. */
  async list({ project, status, limit }: JobFilter): Promise<PlainJob[]> {
    const state = await this.#state();
    const projectId =
      project === undefined ? undefined : findOne(state.projects, project, "project", ({ name }) => name).id;
    const runners = state.runners.filter(({ project_id }) => projectId === undefined || project_id === projectId);
    const lists = await Promise.all(runners.map(({ id }) => this.#newest(id, status, limit)));
    return lists
      .flat()
      .toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1))
      .slice(0, limit);
  }

  /**
   * Finds the job that a text means: an id, its beginning or end, `0197…c3f1`, or `last` for the newest.
   * @throws NotFoundError when there is none, or several
   */
  async find(text: string): Promise<PlainJob> {
    if (isUuid(text)) return this.get(text);
    const jobs = await this.list({ limit: text === "last" ? 1 : PAGE_SIZE * MAX_PAGES });
    const [newest] = jobs;
    if (text !== "last") return findOne(jobs, text, "job");
    if (newest === undefined) throw new NotFoundError("There are no jobs.");
    return newest;
  }

  /** Reads pages until there are enough jobs of a status. */
  async #newest(runnerId: string, status: string | undefined, limit: number): Promise<PlainJob[]> {
    const found: PlainJob[] = [];
    for (let page = 0; page < MAX_PAGES && found.length < limit; page += 1) {
      const query = { page, size: Math.min(limit, PAGE_SIZE) };
      const { content } = (await this.#call("GET", `${LOCAL_RUNNERS}/${runnerId}/jobs`, { query })).json<{
        content: PlainJob[];
      }>();
      found.push(...content.filter((job) => status === undefined || job.status === status));
      if (content.length < query.size) break;
    }
    return found.slice(0, limit);
  }
}

/** The id of a project whose runner has the agent. */
function projectFor({ projects, runners }: State, agent: string, project: string | undefined): string {
  if (project !== undefined) return findOne(projects, project, "project", ({ name }) => name).id;
  const withAgent = runners.filter(({ agents }) => agents.includes(agent));
  const ids = [...new Set(withAgent.map(({ project_id }) => project_id))];
  const [id] = ids;
  if (id !== undefined && ids.length === 1) return id;
  if (id !== undefined) {
    const names = ids.map((one) => projects.find((known) => known.id === one)?.name ?? one);
    throw new NotFoundError(
      `Several projects have the agent ${agent}: ${names.join(", ")}. Choose one with --project.`,
    );
  }
  throw new NotFoundError(`No runner has the agent ${agent}. ${hintAtAgents(runners)}`);
}

/** Which agents there are, or how there will be some. */
function hintAtAgents(runners: State["runners"]): string {
  const agents = [...new Set(runners.flatMap((runner) => runner.agents))];
  if (agents.length === 1) return `The only agent is ${agents[0]}.`;
  if (agents.length > 0) return `The agents are ${agents.join(", ")}.`;
  const connected = runners.find(({ status }) => status === "connected");
  if (connected !== undefined) return `The program of the runner ${connected.name} has not registered any agent yet.`;
  return "No runner is connected: start your agent with `opik endpoint -- COMMAND` or `opik-local endpoint -- COMMAND`.";
}
