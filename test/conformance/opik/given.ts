import { uuidv7 } from "uuidv7";
import { activationHmac, expectStatus, pairRunner, registerAgents, type RunnerType } from "../../support/pairing.ts";
import { type Arrangement, idInLocation } from "../case.ts";
import { fill } from "../world.ts";

/** `<runner>`: a connected endpoint runner of `<project>` with these agents. */
export function endpointRunner(...agents: string[]): Arrangement {
  return runner("runner", "endpoint", agents);
}

/** `<runner>`: a connected runner of `<project>` for bridge commands. */
export function connectRunner(): Arrangement {
  return runner("runner", "connect", []);
}

/** A connected runner of `<project>` under any name. */
export function runner(name: string, type: RunnerType, agents: readonly string[] = []): Arrangement {
  return async ({ call, things }) => {
    const runnerId = await pairRunner(call, { projectId: things.get("project") ?? "", type, name });
    things.set(name, runnerId);
    if (agents.length > 0) await registerAgents(call, runnerId, Object.fromEntries(agents.map((agent) => [agent, {}])));
  };
}

/** `<job>`, or another name: a job for agent `echo` that waits. */
export function pendingJob(name = "job"): Arrangement {
  return async ({ call, things }) => {
    const body = { agent_name: "echo", project_id: things.get("project"), inputs: { n: 1 } };
    const reply = expectStatus(await call("POST", "/v1/private/local-runners/jobs", { body }), 201);
    things.set(name, idInLocation(reply));
  };
}

/** `<job>`, or another name: a job for agent `echo` that its runner has taken. */
export function runningJob(name = "job"): Arrangement {
  return async (world) => {
    await pendingJob(name)(world);
    expectStatus(await world.call("POST", fill("/v1/private/local-runners/<runner>/jobs/next", world)), 200);
  };
}

/** `<job>`, or another name: a job for agent `echo` that its runner has completed with `{"answer":42}`. */
export function completedJob(name = "job"): Arrangement {
  return async (world) => {
    await runningJob(name)(world);
    const body = { status: "completed", result: { answer: 42 } };
    const path = `/v1/private/local-runners/jobs/${world.things.get(name)}/results`;
    expectStatus(await world.call("POST", path, { body }), 204);
  };
}

/** `<runner>`, or another name: a connected runner of `<project>` that has said that it carries out commands. */
export function bridgeRunner(name = "runner", type: RunnerType = "connect"): Arrangement {
  return async (world) => {
    await runner(name, type)(world);
    const path = `/v1/private/local-runners/${world.things.get(name)}/heartbeats`;
    expectStatus(await world.call("POST", path, { body: { capabilities: ["bridge"] } }), 200);
  };
}

/** `<command>`, or another name: a command for `<runner>` that waits, with 30 s to be carried out in. */
export function pendingCommand(name = "command"): Arrangement {
  return async (world) => {
    const path = fill("/v1/private/local-runners/<runner>/bridge/commands", world);
    const body = { type: "Exec", args: { command: name } };
    world.things.set(name, idInLocation(expectStatus(await world.call("POST", path, { body }), 201)));
  };
}

/** `<command>`, or another name: a command that `<runner>` has picked up. */
export function pickedUpCommand(name = "command"): Arrangement {
  return async (world) => {
    await pendingCommand(name)(world);
    expectStatus(await world.call("POST", fill("/v1/private/local-runners/<runner>/bridge/commands/next", world)), 200);
  };
}

/** The key of the sessions below: 32 bytes in base64. */
export const ACTIVATION_KEY = Buffer.from(Array.from({ length: 32 }, (_, index) => index)).toString("base64");

/**
 * `<session>`: a pairing session for a runner `<runner>` of `<project>`, and `<proof>`: what activates it under
 * the name `laptop`. With a number these are `<session2>`, `<runner2>` and `<proof2>`.
 */
export function pairingSession(
  options: { type?: RunnerType; number?: number; runnerName?: string; ttlSeconds?: number } = {},
): Arrangement {
  return async ({ call, things }) => {
    const { type = "endpoint", number = "", runnerName = "laptop", ttlSeconds } = options;
    const body = { project_id: things.get("project"), activation_key: ACTIVATION_KEY, ttl_seconds: ttlSeconds, type };
    const reply = expectStatus(await call("POST", "/v1/private/pairing/sessions", { body }), 201);
    const { session_id, runner_id } = reply.json as { session_id: string; runner_id: string };
    things.set(`session${number}`, session_id);
    things.set(`runner${number}`, runner_id);
    const proof = activationHmac(Buffer.from(ACTIVATION_KEY, "base64"), session_id, runnerName);
    things.set(`proof${number}`, proof.toString("base64"));
  };
}

/** Ids as clients make them for traces and spans, each later than the one before. */
export function newIds(...names: string[]): Arrangement {
  return async ({ things }) => {
    for (const name of names) things.set(name, uuidv7());
  };
}

/** `<trace>`, or another name: a trace of `<project>` with a name, metadata and tags. */
export function trace(name = "trace"): Arrangement {
  return async (world) => {
    await newIds(name)(world);
    const body = {
      id: world.things.get(name),
      project_name: world.things.get("projectname"),
      start_time: "2026-01-01T00:00:01Z",
      name: "agent",
      metadata: { a: 1 },
      tags: ["x", "y"],
    };
    expectStatus(await world.call("POST", "/v1/private/traces", { body }), 201);
  };
}

/** `<dataset>`, or another name: a dataset of `<project>`; `<datasetname>` is its name. */
export function dataset(name = "dataset"): Arrangement {
  return async ({ call, things }) => {
    const datasetName = `${things.get("projectname")}-${name}`;
    const body = { name: datasetName, project_id: things.get("project") };
    things.set(name, idInLocation(expectStatus(await call("POST", "/v1/private/datasets", { body }), 201)));
    things.set(`${name}name`, datasetName);
  };
}

/**
 * A version of `<dataset>` with new items of these names, whose data is `{"q":"<name>"}`; `<group>` is the id of the
 * request that made it.
 */
export function datasetItems(...names: string[]): Arrangement {
  return async (world) => {
    await newIds(...names, "group")(world);
    const { call, things } = world;
    const items = names.map((name) => ({ id: things.get(name), source: "sdk", data: { q: name } }));
    const body = { dataset_id: things.get("dataset"), batch_group_id: things.get("group"), items };
    expectStatus(await call("PUT", "/v1/private/datasets/items", { body }), 204);
  };
}

/** `<span>`, or another name: a span of `<trace>` in `<project>`. */
export function span(name = "span"): Arrangement {
  return async (world) => {
    await newIds(name)(world);
    const body = {
      id: world.things.get(name),
      trace_id: world.things.get("trace"),
      project_name: world.things.get("projectname"),
      start_time: "2026-01-01T00:00:01Z",
      name: "call",
    };
    expectStatus(await world.call("POST", "/v1/private/spans", { body }), 201);
  };
}

/** The query of a request, escaped but for the names of things. */
export function query(parameters: Readonly<Record<string, string>>): string {
  return Object.entries(parameters)
    .map(([name, value]) => `${name}=${encodeURIComponent(value).replaceAll(/%3C(\w+)%3E/g, "<$1>")}`)
    .join("&");
}

/** `<experiment>`, or another name: an experiment of `<project>` with `<dataset>`; `<experimentname>` is its name. */
export function experiment(name = "experiment", more: object = {}): Arrangement {
  return async (world) => {
    await newIds(name)(world);
    const { call, things } = world;
    const experimentName = `${things.get("projectname")}-${name}`;
    things.set(`${name}name`, experimentName);
    const body = {
      id: things.get(name),
      name: experimentName,
      dataset_name: things.get("datasetname"),
      project_name: things.get("projectname"),
      ...more,
    };
    expectStatus(await call("POST", "/v1/private/experiments", { body }), 201);
  };
}

/** `<run>`, or another name: an item of `<experiment>` that joins a trace with an item of `<dataset>`. */
export function experimentItem(name = "run", item = "one", trace = "trace", more: object = {}): Arrangement {
  return async (world) => {
    await newIds(name)(world);
    const { call, things } = world;
    const ids = { id: things.get(name), experiment_id: things.get("experiment"), dataset_item_id: things.get(item) };
    const body = { experiment_items: [{ ...ids, trace_id: things.get(trace), ...more }] };
    expectStatus(await call("POST", "/v1/private/experiments/items", { body }), 204);
  };
}

/** A trace under this name that took 1.5 s, with input, output, metadata and a span that cost 0.25 and used 3 tokens. */
export function endedTrace(name = "trace"): Arrangement {
  return async (world) => {
    await newIds(name, "span")(world);
    const { call, things } = world;
    const common = { project_name: things.get("projectname"), start_time: "2026-01-01T00:00:01Z" };
    const trace = {
      id: things.get(name),
      ...common,
      end_time: "2026-01-01T00:00:02.5Z",
      input: { q: name },
      output: { a: 1 },
      metadata: { m: 1 },
    };
    expectStatus(await call("POST", "/v1/private/traces", { body: trace }), 201);
    const span = {
      id: things.get("span"),
      trace_id: things.get(name),
      ...common,
      type: "llm",
      usage: { total_tokens: 3 },
    };
    expectStatus(await call("POST", "/v1/private/spans", { body: { ...span, total_estimated_cost: 0.25 } }), 201);
  };
}
