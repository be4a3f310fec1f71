/** For each table of counts, the query that counts the rows themselves, and the one that reads the table. */
export const COUNTS = {
  job_counts: [
    "SELECT runner_id, status, count(*) AS count FROM jobs GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT * FROM job_counts WHERE count > 0 ORDER BY 1, 2",
  ],
  job_blocks: [
    "SELECT runner_id, project_id, sequence / 1000 AS block, count(*) AS count FROM jobs GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT * FROM job_blocks ORDER BY 1, 2, 3",
  ],
  job_minutes: [
    `SELECT workspace, completed_at / 60000 AS minute, status, count(*) AS count FROM jobs WHERE completed_at IS NOT NULL
     GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    "SELECT * FROM job_minutes ORDER BY 1, 2, 3",
  ],
  executor_run_minutes: [
    `SELECT finished_at / 60000 AS minute, status, count(*) AS count FROM executor_runs WHERE finished_at IS NOT NULL
     GROUP BY 1, 2 ORDER BY 1, 2`,
    "SELECT * FROM executor_run_minutes ORDER BY 1, 2",
  ],
  bridge_command_counts: [
    "SELECT status, count(*) AS count FROM bridge_commands GROUP BY 1 ORDER BY 1",
    "SELECT * FROM bridge_command_counts WHERE count > 0 ORDER BY 1",
  ],
  trace_thread_blocks: [
    `SELECT workspace, project_id, last_updated_at / 300000 AS block, count(*) AS count FROM trace_threads
     WHERE has_traces = 1 GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`,
    "SELECT * FROM trace_thread_blocks ORDER BY 1, 2, 3",
  ],
  trace_block_parts: [
    "SELECT workspace, project_id, substr(id, 1, 10) AS block, count(*) AS count FROM traces GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT * FROM trace_block_parts ORDER BY 1, 2, 3",
  ],
  trace_blocks: [
    "SELECT workspace, project_id, substr(id, 1, 7) AS block, count(*) AS count FROM traces GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT * FROM trace_blocks ORDER BY 1, 2, 3",
  ],
  span_block_parts: [
    "SELECT workspace, project_id, substr(id, 1, 10) AS block, count(*) AS count FROM spans GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT * FROM span_block_parts ORDER BY 1, 2, 3",
  ],
  span_blocks: [
    "SELECT workspace, project_id, substr(id, 1, 7) AS block, count(*) AS count FROM spans GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
    "SELECT * FROM span_blocks ORDER BY 1, 2, 3",
  ],
  executor_run_counts: [
    "SELECT job_id, status, count(*) AS count FROM executor_runs GROUP BY 1, 2 ORDER BY 1, 2",
    "SELECT * FROM executor_run_counts WHERE count > 0 ORDER BY 1, 2",
  ],
  executor_run_labels: [
    `SELECT project_id, kind, key, value, created_at, run_id FROM (
       SELECT r.*, r.id AS run_id, 'tag' AS kind, key, coalesce(CAST(value AS TEXT), 'null') AS value
       FROM executor_runs r, json_each(tags_json) UNION ALL
       SELECT r.*, r.id AS run_id, 'metadata' AS kind, key, coalesce(CAST(value AS TEXT), 'null') AS value
       FROM executor_runs r, json_each(metadata_json)) ORDER BY run_id, kind, key`,
    "SELECT * FROM executor_run_labels ORDER BY run_id, kind, key",
  ],
} as const;
