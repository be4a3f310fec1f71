import type { Answered, StraitWorld } from "./world.ts";

/** An executor of a run, with the token from the trigger's answer. */
export interface Executor {
  runId: string;
  jobId: string;
  token: string;
  /** Calls an endpoint of the run: `sdk("POST", "/log", { message: "hello" })`. */
  sdk(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answered>;
  /** The run as the control plane shows it. */
  // oxlint-disable-next-line typescript/no-explicit-any
  run(): Promise<any>;
}

/** Makes a job for workers, triggers a run of it and starts to execute it. */
export async function startRun(
  world: StraitWorld,
  definition: Record<string, unknown> = {},
  payload: unknown = { n: 1 },
): Promise<Executor> {
  const jobId = await world.job({ execution_mode: "worker", ...definition });
  const executor = await triggerRun(world, jobId, payload);
  const started = await executor.sdk("POST", "/heartbeat");
  if (started.status !== 200) throw new Error(started.text);
  return executor;
}

/** Triggers a run of a job for workers; the first call of its executor starts it. */
async function triggerRun(world: StraitWorld, jobId: string, payload: unknown = {}): Promise<Executor> {
  const triggered = await world.call("POST", `/v1/jobs/${jobId}/trigger`, { payload });
  if (triggered.status !== 201) throw new Error(triggered.text);
  const { id, run_token } = triggered.json as { id: string; run_token: string };
  return executorOf(world, { runId: id, jobId, token: run_token });
}

export function executorOf(world: StraitWorld, run: Pick<Executor, "runId" | "jobId" | "token">): Executor {
  return {
    ...run,
    sdk: (method, path, body, headers) =>
      world.call(method, `/sdk/v1/runs/${run.runId}${path}`, body, {
        authorization: `Bearer ${run.token}`,
        ...headers,
      }),
    run: async () => (await world.call("GET", `/v1/runs/${run.runId}`)).json,
  };
}
