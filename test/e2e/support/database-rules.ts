import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import SqliteConnection from "better-sqlite3";

/** What must never be found, by name: each query returns the ids of what breaks the rule. */
const RULES = {
  "a waiting job has neither begun nor ended":
    "SELECT id FROM jobs WHERE status = 'pending' AND (started_at IS NOT NULL OR completed_at IS NOT NULL)",
  "a running job has begun and not ended":
    "SELECT id FROM jobs WHERE status = 'running' AND (started_at IS NULL OR completed_at IS NOT NULL)",
  "a finished job has ended":
    "SELECT id FROM jobs WHERE status IN ('completed', 'failed', 'cancelled') AND completed_at IS NULL",
  "a job has a result only when it was completed":
    "SELECT id FROM jobs WHERE (result_json IS NOT NULL) <> (status = 'completed')",
  "logs have no gaps": "SELECT job_id AS id FROM job_logs GROUP BY job_id HAVING count(*) <> max(position) + 1",
  "a cancellation belongs to a cancelled job":
    "SELECT job_id AS id FROM cancellations JOIN jobs ON jobs.id = job_id WHERE status <> 'cancelled'",
  "an executing run has begun and not ended":
    "SELECT id FROM executor_runs WHERE status = 'executing' AND (started_at IS NULL OR finished_at IS NOT NULL)",
  "a completed run has ended": "SELECT id FROM executor_runs WHERE status = 'completed' AND finished_at IS NULL",
  "a run waits for an event": `SELECT id FROM executor_runs WHERE (status = 'waiting') <> (id IN
     (SELECT job_run_id FROM executor_event_triggers WHERE status = 'waiting'))`,
  "an idempotency key belongs to one run":
    "SELECT min(id) AS id FROM executor_runs WHERE idempotency_key IS NOT NULL GROUP BY idempotency_key HAVING count(*) > 1",
};

/**
 * Looks at a database file whose server was killed, as it was left: at a copy, because opening it repairs it.
 * @returns which rules are broken, and by which rows
 */
export function brokenRules(path: string): string[] {
  const folder = mkdtempSync(join(tmpdir(), "opik-local-rules-"));
  try {
    for (const suffix of ["", "-wal"]) {
      if (existsSync(path + suffix)) cpSync(path + suffix, join(folder, `copy${suffix}`));
    }
    const sqlite = new SqliteConnection(join(folder, "copy"));
    const problems = (sqlite.pragma("integrity_check") as Array<{ integrity_check: string }>)
      .map((row) => row.integrity_check)
      .filter((verdict) => verdict !== "ok");
    if ((sqlite.pragma("foreign_key_check") as unknown[]).length > 0) problems.push("a row refers to one that is gone");
    for (const [rule, sql] of Object.entries(RULES)) {
      const ids = sqlite.prepare<[], string>(sql).pluck().all();
      if (ids.length > 0) problems.push(`${rule}: ${ids.join(", ")}`);
    }
    sqlite.close();
    return problems;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
