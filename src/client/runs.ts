import type { State } from "../admin/schema.ts";
import type { Call, Reply } from "./call.ts";
import { findOne, isUuid, NotFoundError } from "./matching.ts";
import type { PlainRun, PlainRunEvent, PlainWait, TriggeredRun } from "./plain.ts";

/** The largest page of a list, and how many of a project's runs are searched. */
const PAGE_SIZE = 100;
const MAX_SEARCHED = 1_000;

const NO_JOBS = "There are no executor jobs yet. `opik-local help executor` shows how to make one.";

type ExecutorJob = State["executor_jobs"][number];

/** A page of a list of executor runs. */
interface Page<Item> {
  data: Item[];
  next_cursor?: string;
  has_more: boolean;
}

/** Executor runs, their jobs and their waits for events. */
export class ClientRuns {
  readonly #call: Call;
  readonly #state: () => Promise<State>;

  constructor(call: Call, state: () => Promise<State>) {
    this.#call = call;
    this.#state = state;
  }

  /**
   * Finds a job by its slug or a part of its id.
   * @param project id or name
   * @throws NotFoundError when there is none, or several
   */
  async findJob(text: string, project?: string): Promise<ExecutorJob> {
    const { executor_jobs } = await this.#state();
    const projectId = await this.#projectId(project);
    const jobs = executor_jobs.filter(({ project_id }) => projectId === undefined || project_id === projectId);
    if (executor_jobs.length === 0) throw new NotFoundError(NO_JOBS);
    return findOne(jobs, text, "executor job", ({ slug }) => slug);
  }

  /**
   * Triggers a run.
   * @param job slug or id
   * @param project id or name
   * @param idempotencyKey a second trigger with the same key gives the same run
   * @throws NotFoundError for an unknown job, or when the trigger makes no run now
   */
  async trigger(
    job: string,
    body: { payload?: unknown },
    project?: string,
    idempotencyKey?: string,
  ): Promise<TriggeredRun> {
    const { id, project_id } = await this.findJob(job, project);
    const reply = await this.#call("POST", `/v1/jobs/${id}/trigger`, {
      ...{ query: { project_id }, body },
      headers: idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey },
    });
    const triggered = reply.json<Partial<TriggeredRun>>();
    if (triggered.id === undefined)
      throw new NotFoundError(`The trigger was deferred and makes no run now: ${reply.text}`);
    return { id: triggered.id, run_token: triggered.run_token ?? "" };
  }

  async get(id: string): Promise<PlainRun> {
    return (await this.reply(id)).json();
  }

  /** The run as the server has written it. */
  reply(id: string): Promise<Reply> {
    return this.#call("GET", `/v1/runs/${encodeURIComponent(id)}`);
  }

  /** The history of a run, oldest first. */
  async events(id: string): Promise<PlainRunEvent[]> {
    return this.#pages<PlainRunEvent>(`/v1/runs/${encodeURIComponent(id)}/events`, {}, Number.POSITIVE_INFINITY);
  }

  async cancel(id: string): Promise<void> {
    await this.#call("DELETE", `/v1/runs/${encodeURIComponent(id)}`);
  }

  async pause(id: string): Promise<void> {
    await this.#act(id, "pause");
  }

  async resume(id: string): Promise<void> {
    await this.#act(id, "resume");
  }

  /** Starts a delayed run now: its time becomes one in the past, also by a virtual clock. */
  async start({ id, created_at }: PlainRun): Promise<void> {
    await this.#act(id, "reschedule", { scheduled_at: created_at });
  }

  /** Runs again what did not succeed. @returns the id of the run: its own when it comes back from the dead letters */
  async replay({ id, status }: PlainRun): Promise<string> {
    const reply = await this.#act(id, status === "dead_letter" ? "dlq-replay" : "replay");
    return reply.json<{ id: string }>().id;
  }

  /** Resumes a job when it is paused. @returns its slug, or `undefined` when it was not paused */
  async resumePausedJob(id: string): Promise<string | undefined> {
    const path = `/v1/jobs/${encodeURIComponent(id)}`;
    const { slug, paused } = (await this.#call("GET", path)).json<{ slug: string; paused: boolean }>();
    if (!paused) return undefined;
    await this.#call("POST", `${path}/resume`);
    return slug;
  }

  /** The newest runs of all projects or of one (id or name), newest first. */
  async list(filter: {
    project?: string | undefined;
    status?: string | undefined;
    limit: number;
  }): Promise<PlainRun[]> {
    const { status, limit } = filter;
    const runs = await this.#ofProjects<PlainRun>("/v1/runs", filter.project, status, limit);
    return runs.toSorted((a, b) => (a.created_at < b.created_at ? 1 : -1)).slice(0, limit);
  }

  /**
   * Finds the run that a text means: an id, its beginning or end, `0197…c3f1`, or `last` for the newest.
   * @throws NotFoundError when there is none, or several
   */
  async find(text: string): Promise<PlainRun> {
    if (isUuid(text)) return this.get(text);
    const runs = await this.list({ limit: text === "last" ? 1 : MAX_SEARCHED });
    const [newest] = runs;
    if (text !== "last") return findOne(runs, text, "run");
    if (newest === undefined) throw new NotFoundError("There are no runs.");
    return newest;
  }

  /** The keys of the events that runs of all projects or of one (id or name) wait for, at most so many of each project. */
  async awaitedEvents(project: string | undefined, limit: number): Promise<string[]> {
    const waits = await this.#ofProjects<PlainWait>("/v1/events", project, "waiting", limit);
    return [...new Set(waits.map(({ event_key }) => event_key))];
  }

  /** Sends an event to the run that waits for it. @param project id or name @returns the wait that is over now */
  async sendEvent(key: string, body: { payload?: unknown }, project?: string): Promise<PlainWait> {
    const query = { project_id: await this.#projectId(project) };
    return (await this.#call("POST", `/v1/events/${encodeURIComponent(key)}/send`, { query, body })).json();
  }

  /** The id of a project by its name. A text that no project has as its name is an id: jobs may be of any. */
  async #projectId(project: string | undefined): Promise<string | undefined> {
    if (project === undefined) return undefined;
    const projects = await this.#pages<{ id: string; name: string }>("/v1/projects", {}, MAX_SEARCHED);
    if (projects.some(({ id }) => id === project)) return project;
    const named = projects.filter(({ name }) => name === project);
    return named.length === 0 ? project : findOne(named, project, "project", ({ name }) => name).id;
  }

  /** The items of a list of all projects that have executor jobs, or of one (id or name); at most so many of each. */
  async #ofProjects<Item>(
    path: string,
    project: string | undefined,
    status: string | undefined,
    limit: number,
  ): Promise<Item[]> {
    const { executor_jobs } = await this.#state();
    const projectId = await this.#projectId(project);
    const projects = projectId === undefined ? executor_jobs.map(({ project_id }) => project_id) : [projectId];
    const lists = [...new Set(projects)].map((project_id) => this.#pages<Item>(path, { project_id, status }, limit));
    return (await Promise.all(lists)).flat();
  }

  #act(id: string, action: string, body?: object): Promise<Reply> {
    return this.#call("POST", `/v1/runs/${encodeURIComponent(id)}/${action}`, body === undefined ? {} : { body });
  }

  async #pages<Item>(path: string, query: Record<string, string | undefined>, limit: number): Promise<Item[]> {
    const items: Item[] = [];
    let cursor: string | undefined;
    do {
      const size = Math.min(limit - items.length, PAGE_SIZE);
      const page = (await this.#call("GET", path, { query: { ...query, limit: size, cursor } })).json<Page<Item>>();
      items.push(...page.data);
      cursor = page.has_more ? page.next_cursor : undefined;
    } while (cursor !== undefined && items.length < limit);
    return items;
  }
}
