import { fileURLToPath } from "node:url";
import { Opik } from "opik";
import { describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import { type Caller, createCaller } from "../support/call.ts";
import { createProject, expectStatus, pairRunner, registerAgents } from "../support/pairing.ts";
import { type AgentProcess, startAgentProcess } from "./support/agent-process.ts";
import { createJob, untilJobIs, untilRegistered, untilTraced } from "./support/job-client.ts";
import { PYTHON, pythonEnvironment } from "./support/python-environment.ts";
import { temporaryFolder } from "./support/temporary-folder.ts";

/*
 * An agent asks for its configuration and its prompt while it works on a job; the job says which of them count.
 */

const AGENTS = fileURLToPath(new URL("agents/", import.meta.url));
const PROJECT = "configuration-e2e";

/** Runs a job, and reads what the agent answered. */
type Run = (options?: Readonly<Record<string, unknown>>) => Promise<string>;

interface Configured {
  call: Caller;
  client: Opik;
  projectId: string;
  runnerId: string;
  agent: AgentProcess;
  run: Run;
}

/** An agent that is up, in a project with the configurations v1 ("Hello", on `prod`) and v2 ("Ahoy", twice). */
async function startConfigured(url: string, command: readonly [string, ...string[]]): Promise<Configured> {
  const call = createCaller(url);
  const projectId = await createProject(call, PROJECT);
  const client = new Opik({ apiUrl: `${url}/api`, projectName: PROJECT, workspaceName: "default" });
  await client.api.agentConfigs.createAgentConfig({ projectName: PROJECT, blueprint: values("blueprint", "Hello", 1) });
  await client.api.agentConfigs.updateAgentConfig({ projectName: PROJECT, blueprint: values("blueprint", "Ahoy", 2) });
  await client.createPrompt({ name: "farewell", prompt: "Goodbye, {{name}}" });
  const runnerId = await pairRunner(call, { projectId });
  const environment = pythonEnvironment(url, temporaryFolder());
  const agent = startAgentProcess({ command, serverUrl: url, runnerId, projectName: PROJECT, environment });
  await untilRegistered(call, runnerId, "greet");
  const run: Run = async (options) => {
    const id = await createJob(call, projectId, "greet", { name: "Ada" }, options);
    const job = await untilJobIs(call, id, "completed", "failed");
    const [said] = Object.values(job.result as Record<string, string>);
    const trace = (await untilTraced(call, job)) as { output: object; metadata: object };
    expect(Object.values(trace.output)).toEqual([said]);
    expect(trace.metadata).toHaveProperty("agent_configuration.values.greeting");
    return said!;
  };
  return { call, client, projectId, runnerId, agent, run };
}

function values(type: "blueprint" | "mask", greeting: string, times?: number) {
  const counted = times === undefined ? [] : [{ key: "times", value: String(times), type: "integer" as const }];
  return { type, values: [{ key: "greeting", value: greeting, type: "string" as const }, ...counted] };
}

/** @returns the id of a mask that replaces the greeting alone */
async function createMask(call: Caller, greeting: string): Promise<string> {
  const body = { project_name: PROJECT, blueprint: values("mask", greeting) };
  const created = await call("PATCH", "/v1/private/agent-configs/blueprints", { body });
  return expectStatus(created, 201).headers.location!.split("/").at(-1)!;
}

test("an agent with the SDK from npm works with the configuration, the version and the mask of its job", async () => {
  await using server = createOpikLocal({ config: { database: ":memory:", port: 0, heartbeatTtlMs: 600_000 } });
  const { call, agent, run } = await startConfigured(await server.listen(), [
    process.execPath,
    `${AGENTS}configured.ts`,
  ]);
  expect(await run()).toBe("Hello, Ada.");
  expect(await run({ blueprint_name: "v2" })).toBe("AhoyAhoy, Ada.");
  const mask_id = await createMask(call, "Moin");
  expect(await run({ mask_id })).toBe("Moin, Ada.");
  expect(await run({ mask_id, blueprint_name: "v2" })).toBe("MoinMoin, Ada.");
  expect(await run()).toBe("Hello, Ada.");
  expect(agent.printed()).not.toMatch(/WARN|ERROR/i);
});

describe.skipIf(!PYTHON)("an agent with the SDK from PyPI (OPIK_LOCAL_TEST_PYTHON)", () => {
  test("works with the configuration, the version and the masks of its job, until a newer runner takes its place", async () => {
    await using server = createOpikLocal({ config: { database: ":memory:", port: 0, heartbeatTtlMs: 600_000 } });
    const configured = await startConfigured(await server.listen(), [
      PYTHON!,
      ...["launch.py", "configured.py"].map((name) => AGENTS + name),
    ]);
    const { call, client, projectId, agent, run } = configured;
    expect(await run()).toBe("Hello, Ada. Goodbye, Ada");
    expect(await run({ blueprint_name: "v2" })).toBe("AhoyAhoy, Ada. Goodbye, Ada");
    const mask_id = await createMask(call, "Moin");
    expect(await run({ mask_id })).toBe("Moin, Ada. Goodbye, Ada");
    const prompt = await client.getPrompt({ name: "farewell" });
    // The client of the API, which is generated, does not know the kind of a version.
    const version = { template: "Cheerio, {{name}}", type: "mustache", version_type: "mask" };
    const body = { name: "farewell", version, project_name: PROJECT };
    const masked = expectStatus(await call("POST", "/v1/private/prompts/versions", { body }), 200).json as {
      id: string;
    };
    const prompt_masks = { [prompt!.id!]: masked.id };
    expect(await run({ prompt_masks })).toBe("Hello, Ada. Cheerio, Ada");
    expect(await run({ mask_id, blueprint_name: "v2", prompt_masks })).toBe("MoinMoin, Ada. Cheerio, Ada");
    expect(await run()).toBe("Hello, Ada. Goodbye, Ada");

    expect(agent.printed()).not.toContain("warning");

    const newer = await pairRunner(call, { projectId, name: "desktop" });
    await agent.untilPrinted("Runner deregistered (410), shutting down");
    await registerAgents(call, newer, { greet: {} });
    const waiting = await createJob(call, projectId, "greet", { name: "Ada" });
    expect((await call("POST", `/v1/private/local-runners/${newer}/jobs/next`)).json).toMatchObject({ id: waiting });
  });
});
