import { expect } from "vitest";
import type { Caller } from "../../support/call.ts";
import { expectStatus } from "../../support/pairing.ts";

/** A job as the API shows it, as far as these tests look at it. */
export interface JobView {
  id: string;
  status: string;
  result?: unknown;
  error?: string;
  trace_id?: string;
}

const JOBS = "/v1/private/local-runners/jobs";

/**
 * @param options what else the job has: `mask_id`, `blueprint_name`, `prompt_masks`
 * @returns the id of the new job
 */
export async function createJob(
  call: Caller,
  projectId: string,
  agentName: string,
  inputs: object,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const body = { agent_name: agentName, project_id: projectId, inputs, ...options };
  const created = await call("POST", JOBS, { body });
  return expectStatus(created, 201).headers.location!.split("/").at(-1)!;
}

export async function getJob(call: Caller, id: string): Promise<JobView> {
  return expectStatus(await call("GET", `${JOBS}/${id}`), 200).json as JobView;
}

export async function cancelJob(call: Caller, id: string): Promise<void> {
  expectStatus(await call("POST", `${JOBS}/${id}/cancel`), 204);
}

/** Waits until a job has one of the statuses. */
export async function untilJobIs(call: Caller, id: string, ...statuses: string[]): Promise<JobView> {
  await expect.poll(async () => (await getJob(call, id)).status).toBeOneOf(statuses);
  return getJob(call, id);
}

/** Waits until a job's logs hold the text. */
export async function untilLogged(call: Caller, id: string, text: string): Promise<void> {
  const logs = async (): Promise<string> => {
    const entries = expectStatus(await call("GET", `${JOBS}/${id}/logs`), 200).json as Array<{ text: string }>;
    return entries.map((entry) => entry.text).join("");
  };
  await expect.poll(logs).toContain(text);
}

/** Waits until the trace of a job has ended, and gives it. The SDK from PyPI sends it some seconds after the result. */
export async function untilTraced(call: Caller, job: JobView): Promise<unknown> {
  const trace = () => call("GET", `/v1/private/traces/${job.trace_id}`);
  await expect.poll(async () => (await trace()).json).toHaveProperty("end_time");
  return (await trace()).json;
}

/** Waits until the agents of a runner are registered, which means that its process is up. */
export async function untilRegistered(call: Caller, runnerId: string, agentName: string): Promise<void> {
  const names = async (): Promise<string[]> => {
    const runner = expectStatus(await call("GET", `/v1/private/local-runners/${runnerId}`), 200).json;
    return (runner as { agents: Array<{ name: string }> }).agents.map((agent) => agent.name);
  };
  await expect.poll(names).toContain(agentName);
}
