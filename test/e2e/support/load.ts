import type { Caller, Reply } from "../../support/call.ts";
import { acknowledgement, Acknowledgements } from "./acknowledgements.ts";

export interface LoadedRunner {
  id: string;
  projectId: string;
}

const JOBS = "/v1/private/local-runners/jobs";
/** How far a job has come; the server must never be found behind what it has acknowledged. */
const PROGRESS = { pending: 0, running: 1, completed: 2, failed: 2, cancelled: 2 };

interface JobAsAcknowledged {
  progress: number;
  /** Whether a poll was answered with it. Until a report on it is acknowledged, a killed server assigns it again. */
  isRead: boolean;
  /** Texts of the log lines, in order. */
  logs: string[];
  /** Whether its cancellation was sent: a result that came later is answered and dropped, as on the real server. */
  cancelled: boolean;
  result?: string;
}

/** Something that the server has acknowledged of a job. */
interface News {
  status?: keyof typeof PROGRESS;
  log?: string;
  result?: string;
  cancelled?: boolean;
}

/** What a server has acknowledged so far, and whether it still knows. */
export class Ledger {
  readonly acknowledgements = new Acknowledgements();
  /** Ids of jobs that two polls were answered with although a report on them was acknowledged in between. */
  readonly handedOutTwice: string[] = [];
  readonly #jobs = new Map<string, JobAsAcknowledged>();
  /** Jobs of which something was acknowledged since they were last looked at. */
  readonly #fresh = new Set<string>();
  /** Writes down an acknowledgement. */
  note(id: string, news: News): void {
    const job = this.#jobs.get(id) ?? { progress: 0, isRead: false, logs: [], cancelled: false };
    const isReported = job.logs.length > 0 || job.result !== undefined;
    if (news.status === "running" && isReported) this.handedOutTwice.push(id);
    job.isRead ||= news.status === "running";
    // A job's poll may be answered before its creation is.
    const status = news.status === "running" ? "pending" : (news.status ?? "running");
    job.progress = Math.max(job.progress, PROGRESS[status]);
    job.cancelled ||= news.cancelled ?? false;
    if (news.log !== undefined) job.logs.push(news.log);
    if (news.result !== undefined) job.result = news.result;
    this.#jobs.set(id, job);
    this.#fresh.add(id);
    this.acknowledgements.add();
  }

  /** @returns ids of the runners' jobs that run although no poll was answered with them */
  async runningUnread(call: Caller, runners: readonly LoadedRunner[]): Promise<string[]> {
    const unread: string[] = [];
    for (const { id } of runners) {
      const page = await call("GET", `/v1/private/local-runners/${id}/jobs?size=200`);
      for (const job of (page.json as { content: Array<{ id: string; status: string }> }).content) {
        if (job.status === "running" && this.#jobs.get(job.id)?.isRead !== true) unread.push(job.id);
      }
    }
    return unread;
  }

  /** @returns a sentence for each acknowledged write that the server does not know of any more */
  async missingFrom(call: Caller): Promise<string[]> {
    const missing: string[] = [];
    for (const id of this.#fresh) {
      const acknowledged = this.#jobs.get(id)!;
      const job = await call("GET", `${JOBS}/${id}`);
      const logs = await call("GET", `${JOBS}/${id}/logs`);
      if (!knows(acknowledged, job, logs)) {
        missing.push(`${id} was ${JSON.stringify(acknowledged)}, but is ${job.text} with the logs ${logs.text}`);
      }
    }
    this.#fresh.clear();
    return missing;
  }
}

function knows(acknowledged: JobAsAcknowledged, job: Reply, logs: Reply): boolean {
  if (job.status !== 200 || logs.status !== 200) return false;
  const { status, result } = job.json as { status: keyof typeof PROGRESS; result?: unknown };
  const texts = (logs.json as Array<{ text: string }>).map((entry) => entry.text);
  return (
    PROGRESS[status] >= acknowledged.progress &&
    (acknowledged.cancelled || acknowledged.result === undefined || result === acknowledged.result) &&
    acknowledged.logs.every((text, position) => texts[position] === text)
  );
}

/**
 * Creates jobs and works on them, as fast as the server lets it, until the server is gone or `signal` says so.
 * Every tenth job is cancelled.
 */
export async function load(
  call: Caller,
  runners: readonly LoadedRunner[],
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    runners.flatMap((runner) => [createJobs(call, runner, ledger, signal), serveJobs(call, runner, ledger, signal)]),
  );
}

async function createJobs(call: Caller, runner: LoadedRunner, ledger: Ledger, signal: AbortSignal): Promise<void> {
  for (let number = 0; !signal.aborted; number += 1) {
    const body = { agent_name: "echo", project_id: runner.projectId, inputs: { number } };
    const created = await acknowledgement(call("POST", JOBS, { body }));
    const id = created?.headers.location?.split("/").at(-1);
    if (id === undefined) continue;
    const cancelled = number % 10 === 0;
    ledger.note(id, { status: "pending", cancelled });
    if (cancelled && (await acknowledgement(call("POST", `${JOBS}/${id}/cancel`))))
      ledger.note(id, { status: "cancelled" });
  }
}

async function serveJobs(call: Caller, runner: LoadedRunner, ledger: Ledger, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await acknowledgement(call("POST", `/v1/private/local-runners/${runner.id}/jobs/next`, { signal }));
    const job = answer?.json as { id: string } | null | undefined;
    if (!job) continue;
    ledger.note(job.id, { status: "running" });
    const text = `working on ${job.id}`;
    if (await acknowledgement(call("POST", `${JOBS}/${job.id}/logs`, { body: [{ stream: "stdout", text }] }))) {
      ledger.note(job.id, { log: text });
    }
    const body = { status: "completed" as const, result: `result of ${job.id}` };
    if (await acknowledgement(call("POST", `${JOBS}/${job.id}/results`, { body }))) ledger.note(job.id, body);
  }
}
