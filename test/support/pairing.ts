import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Caller, Reply } from "./call.ts";

/** The two kinds of runner. */
export type RunnerType = "endpoint" | "connect";

/** What a runner is made of. */
export interface RunnerToPair {
  projectId: string;
  /** Default `endpoint`. */
  type?: RunnerType;
  /** Default `laptop`. */
  name?: string;
  workspace?: string;
}

/**
 * Makes a project as Opik's command line does: create, then look its id up by name.
 * @returns its id
 */
export async function createProject(call: Caller, name: string, workspace?: string): Promise<string> {
  const headers = workspaceHeader(workspace);
  expectStatus(await call("POST", "/v1/private/projects", { body: { name }, headers }), 201);
  const found = await call("POST", "/v1/private/projects/retrieve", { body: { name }, headers });
  return (expectStatus(found, 200).json as { id: string }).id;
}

/**
 * Pairs a runner as Opik's command line does without a browser: a session with a fresh key, then its
 * activation with the proof that the key is known [opik 5.1].
 * @returns the runner's id
 */
export async function pairRunner(call: Caller, runner: RunnerToPair): Promise<string> {
  const headers = workspaceHeader(runner.workspace);
  const key = randomBytes(32);
  const session = await call("POST", "/v1/private/pairing/sessions", {
    headers,
    body: {
      project_id: runner.projectId,
      activation_key: key.toString("base64"),
      ttl_seconds: 300,
      type: runner.type ?? "endpoint",
    },
  });
  const { session_id, runner_id } = expectStatus(session, 201).json as { session_id: string; runner_id: string };
  const name = runner.name ?? "laptop";
  const activation = await call("POST", `/v1/private/pairing/sessions/${session_id}/activate`, {
    headers,
    body: { runner_name: name, hmac: activationHmac(key, session_id, name).toString("base64") },
  });
  expectStatus(activation, 201);
  return runner_id;
}

/**
 * The proof that the key of a session is known: HMAC-SHA256 over its id and the SHA-256 of the runner's name [opik
 * 5.1].
 */
export function activationHmac(key: Buffer, sessionId: string, runnerName: string): Buffer {
  const nameHash = createHash("sha256").update(runnerName, "utf8").digest();
  return createHmac("sha256", key)
    .update(Buffer.from(sessionId.replaceAll("-", ""), "hex"))
    .update(nameHash)
    .digest();
}

/** Registers agents that have nothing but a name, and perhaps a time-out in seconds. */
export async function registerAgents(
  call: Caller,
  runnerId: string,
  agents: Readonly<Record<string, { timeout?: number }>>,
): Promise<void> {
  expectStatus(await call("PUT", `/v1/private/local-runners/${runnerId}/agents`, { body: agents }), 204);
}

/** @throws Error that shows the whole answer, because it was no part of what the test is about */
export function expectStatus(reply: Reply, status: number): Reply {
  if (reply.status === status) return reply;
  throw new Error(`expected ${status}, but was answered ${reply.status} ${reply.text}`);
}

function workspaceHeader(workspace: string | undefined): Record<string, string> {
  return workspace === undefined ? {} : { "comet-workspace": workspace };
}
