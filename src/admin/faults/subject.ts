import { parseJson } from "../../core/json.ts";
import { readBodyText } from "../../http/body.ts";
import type { Exchange } from "../../http/interceptor.ts";

/** Who a request is about. */
export interface Subject {
  runnerId?: string | undefined;
  runnerName?: string | undefined;
  agent?: string | undefined;
  /** The run whose executor sends the request. */
  runId?: string | undefined;
}

/** Finds runners and jobs by their ids. */
export interface SubjectSource {
  runner(id: string): { id: string; name: string } | undefined;
  job(id: string): { runner_id: string; agent_name: string } | undefined;
  /** Removes a runner. */
  evict(runnerId: string): void;
  /** Ends the attempt of a run, as when its executor sends no heartbeats. */
  loseAttempt(runId: string): void;
}

/** The paths of requests that executors send about their runs. */
const EXECUTORS = "/sdk/v1/runs/";

/** Reads the subject of a request: from its path, else from its body, which the route can read again. */
export async function subjectOf(exchange: Exchange, source: SubjectSource, maxBodyBytes: number): Promise<Subject> {
  const { runnerId, jobId, runId } = exchange.event.context.params ?? {};
  if (runId !== undefined && exchange.path.startsWith(EXECUTORS)) return { runId };
  const job = jobId === undefined ? undefined : source.job(jobId);
  const runner = source.runner(runnerId ?? job?.runner_id ?? "");
  const agent =
    job?.agent_name ??
    (exchange.route?.operation.id === "createJob" ? await agentIn(exchange, maxBodyBytes) : undefined);
  return { runnerId: runner?.id, runnerName: runner?.name, agent };
}

/** The agent of a job that is created; a body that cannot be read is for the route to refuse. */
async function agentIn({ event }: Exchange, maxBodyBytes: number): Promise<string | undefined> {
  try {
    const body = parseJson(await readBodyText(event, maxBodyBytes));
    const name = typeof body === "object" && body !== null && "agent_name" in body ? body.agent_name : undefined;
    return typeof name === "string" ? name : undefined;
  } catch {
    return undefined;
  }
}
