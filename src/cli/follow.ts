import type { OpikLocalClient } from "../client/client.ts";
import type { LogEntry, PlainJob } from "../client/plain.ts";
import { SystemClock } from "../core/clock.ts";

/** Real time between two questions whether a job has gone on. */
const INTERVAL_MS = 150;

export interface FollowOptions {
  client: OpikLocalClient;
  onLog: (entry: LogEntry) => void;
  /** Called once when the job has been pending for a while. */
  onPending?: () => Promise<void>;
}

/** How long a job is pending until the reason is reported. */
const PENDING_REPORT_MS = 1_500;

/** Reports what an agent prints until its job has ended. @returns the job */
export async function followJob(id: string, options: FollowOptions): Promise<PlainJob> {
  const { client, onLog, onPending } = options;
  // Real time, as the virtual clock of a server may stand still; nothing else keeps the process alive meanwhile.
  const clock = new SystemClock({ keepsAlive: true });
  let offset = 0;
  let pendingMs = 0;
  let isReported = false;
  for (;;) {
    // The status first: after an end there are no more logs than those that are read now.
    const job = await client.jobs.get(id);
    const entries = await client.jobs.logs(id, offset);
    offset += entries.length;
    for (const entry of entries) onLog(entry);
    if (job.status !== "pending" && job.status !== "running") return job;
    if (job.status === "pending") pendingMs += INTERVAL_MS;
    if (pendingMs >= PENDING_REPORT_MS && !isReported) {
      isReported = true;
      await onPending?.();
    }
    await new Promise<void>((resolve) => clock.schedule(INTERVAL_MS, resolve));
  }
}
