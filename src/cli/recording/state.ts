import { isDeepStrictEqual } from "node:util";
import { rawFields, rawItems, RawJson, stringifyJson } from "../../core/json.ts";
import { wholeJob } from "../../strait/definitions/jobs/schema.ts";
import type { RecordedExchange } from "./exchange.ts";

/** Fields of something that was recorded, as JSON keeps them. */
type Fields = Map<string, RawJson>;

/** The state of the server by its requests and answers: the fields of each thing, by its id. */
export interface RecordedState {
  projects: Map<string, Fields>;
  runners: Map<string, Fields>;
  /** Agents by name, of each runner. */
  agents: Map<string, Fields>;
  jobs: Map<string, Fields>;
  logs: Map<string, RawJson[]>;
  commands: Map<string, Fields>;
  executorJobs: Map<string, Fields>;
  runs: Map<string, Fields>;
  traces: Map<string, Fields>;
  spans: Map<string, Fields>;
}

type Kind = Exclude<keyof RecordedState, "logs">;

/** One exchange, with the ids in its path. */
interface Seen {
  state: RecordedState;
  ids: string[];
  /** The id of the created thing in the answer. */
  created: string | undefined;
  body: RawJson | undefined;
  answer: RawJson | undefined;
}

type Rule = readonly [method: string, path: RegExp, look: (seen: Seen) => void];

const RECORDS: ReadonlySet<Kind> = new Set(["traces", "spans"]);

const ID = "([0-9a-f-]{36})";
const RUNNERS = "/v1/private/local-runners";

/** Readers of requests and their answers; paths are those without `/api`. */
const RULES: readonly Rule[] = [
  rule("GET", "/v1/private/projects", (seen) => seeList(seen, "projects")),
  rule("GET", `/v1/private/projects/${ID}`, (seen) => see(seen, "projects", seen.answer)),
  rule("POST", "/v1/private/projects/retrieve", (seen) => see(seen, "projects", seen.answer)),
  rule("POST", "/v1/private/projects", (seen) => see(seen, "projects", seen.body, seen.created)),
  rule("GET", RUNNERS, (seen) => seeList(seen, "runners")),
  rule("GET", `${RUNNERS}/${ID}`, (seen) => see(seen, "runners", seen.answer)),
  rule("PUT", `${RUNNERS}/${ID}/agents`, ({ state, ids: [id = ""], body }) => {
    if (body?.isObject) state.agents.set(id, fieldsOf(body));
  }),
  rule("POST", `${RUNNERS}/jobs`, (seen) => see(seen, "jobs", seen.body, seen.created)),
  rule("GET", `${RUNNERS}/${ID}/jobs`, (seen) => seeList(seen, "jobs")),
  rule("POST", `${RUNNERS}/${ID}/jobs/next`, (seen) => see(seen, "jobs", seen.answer)),
  rule("GET", `${RUNNERS}/jobs/${ID}`, (seen) => see(seen, "jobs", seen.answer)),
  rule("POST", `${RUNNERS}/jobs/${ID}/results`, (seen) => see(seen, "jobs", seen.body, seen.ids[0])),
  rule("POST", `${RUNNERS}/jobs/${ID}/logs`, ({ state, ids: [id = ""], body }) => {
    if (body === undefined || body.isObject) return;
    state.logs.set(id, [...(state.logs.get(id) ?? []), ...itemsOf(body)]);
  }),
  rule("POST", `${RUNNERS}/${ID}/bridge/commands`, (seen) => {
    const id = seen.answer && textOf(fieldsOf(seen.answer).get("command_id"));
    see(seen, "commands", withRunner(seen.body, seen.ids[0]), id);
  }),
  rule("POST", `${RUNNERS}/${ID}/bridge/commands/next`, (seen) => {
    const list = seen.answer?.isObject ? fieldsOf(seen.answer).get("commands") : undefined;
    for (const item of itemsOf(list)) {
      see(seen, "commands", withRunner(item, seen.ids[0]), textOf(fieldsOf(item).get("command_id")));
    }
  }),
  rule("GET", `${RUNNERS}/${ID}/bridge/commands/${ID}`, (seen) => see(seen, "commands", seen.answer, seen.ids[1])),
  rule("POST", `${RUNNERS}/${ID}/bridge/commands/${ID}/results`, (seen) =>
    see(seen, "commands", seen.body, seen.ids[1]),
  ),
  ...(["traces", "spans"] as const).flatMap((kind) => [
    rule("POST", `/v1/private/${kind}`, (seen) => see(seen, kind, seen.body, seen.created)),
    rule("POST", `/v1/private/${kind}/batch`, (seen) => {
      const list = seen.body?.isObject ? fieldsOf(seen.body).get(kind) : undefined;
      for (const item of itemsOf(list)) see(seen, kind, item);
    }),
    rule("PATCH", `/v1/private/${kind}/${ID}`, (seen) => see(seen, kind, seen.body, seen.ids[0])),
    rule("GET", `/v1/private/${kind}/${ID}`, (seen) => see(seen, kind, seen.answer)),
  ]),
  rule("POST", "/v1/jobs", (seen) => see(seen, "executorJobs", seen.answer)),
  rule("GET", `/v1/jobs/${ID}`, (seen) => see(seen, "executorJobs", seen.answer)),
  rule("GET", `/v1/runs/${ID}`, (seen) => see(seen, "runs", seen.answer)),
];

function rule(method: string, path: string, look: (seen: Seen) => void): Rule {
  return [method, new RegExp(`^(?:/api)?${path}/?$`), look];
}

/** Reads the state of a server from recorded exchanges; later exchanges add or replace fields. */
export function readState(exchanges: readonly RecordedExchange[]): RecordedState {
  const state: RecordedState = {
    ...{ projects: new Map(), runners: new Map(), agents: new Map(), jobs: new Map(), logs: new Map() },
    ...{ commands: new Map(), executorJobs: new Map(), runs: new Map() },
    ...{ traces: new Map(), spans: new Map() },
  };
  for (const { method, path, status, headers, body, answer } of exchanges) {
    if (status < 200 || status > 299) continue;
    const [pathname = ""] = path.split("?");
    for (const [wanted, pattern, look] of RULES) {
      const [, ...ids] = (method === wanted && pattern.exec(pathname)) || [];
      if (method !== wanted || !pattern.test(pathname)) continue;
      const created = /[0-9a-f-]{36}$/.exec(headers["location"] ?? "")?.[0];
      look({ state, ids, created, body: toJson(body), answer: toJson(answer) });
    }
  }
  return state;
}

/** The fields of an executor job that `POST /v1/jobs` takes, as its definition in a fixture. */
export function definitionOf(job: Fields): RawJson {
  const own = new Set(["name", "slug", "project_id", "endpoint_signing_secret", "webhook_secret"]);
  const known = new Set(Object.keys(wholeJob.entries).filter((name) => !own.has(name)));
  return RawJson.of(new Map([...job].filter(([name]) => known.has(name))));
}

/** The text of a JSON string; `undefined` for anything else. */
export function textOf(json: RawJson | undefined): string | undefined {
  const value = json?.parse();
  return typeof value === "string" ? value : undefined;
}

/** The fields of a JSON object, each as it was written. */
export function fieldsOf(json: RawJson): Fields {
  return rawFields(json.text);
}

/** Merges fields into those of a thing. */
function see({ state }: Seen, kind: Kind, said: RawJson | undefined, given?: string): void {
  if (!said?.isObject) return;
  const fields = fieldsOf(said);
  const id = given ?? textOf(fields.get("id"));
  if (id === undefined) return;
  const known = state[kind].get(id) ?? new Map<string, RawJson>();
  // Of traces and spans a blank text is no value.
  const isNothing = (value: RawJson): boolean => value.isNull || (RECORDS.has(kind) && textOf(value)?.trim() === "");
  const news = [...fields].filter(([name, value]) => !isNothing(value) && !isDeepStrictEqual(known.get(name), value));
  state[kind].set(id, new Map([...known, ...news]));
}

function seeList(seen: Seen, kind: Kind): void {
  const list = seen.answer?.isObject ? fieldsOf(seen.answer).get("content") : undefined;
  for (const item of itemsOf(list)) see(seen, kind, item);
}

function withRunner(command: RawJson | undefined, runner: string | undefined): RawJson | undefined {
  if (!command?.isObject) return undefined;
  return new RawJson(stringifyJson(new Map([...fieldsOf(command), ["runner_id", RawJson.of(runner)]])));
}

/** The items of a list; none of what is no list. */
export function itemsOf(list: RawJson | undefined): RawJson[] {
  return list?.text.startsWith("[") ? rawItems(list.text) : [];
}

/** @returns `undefined` for what is no JSON */
export function toJson(text: string | undefined): RawJson | undefined {
  try {
    JSON.parse(text ?? "");
    return new RawJson((text ?? "").trim());
  } catch {
    return undefined;
  }
}
