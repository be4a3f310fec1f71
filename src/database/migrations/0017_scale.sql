-- Lists, totals and counts that do not read a table as a whole. The triggers keep the counts in the transaction of each
-- write, also for rows that foreign keys delete.

-- How many runs of each job are in each status.
CREATE TABLE executor_run_counts (
  job_id TEXT NOT NULL,
  status TEXT NOT NULL,
  count  INTEGER NOT NULL,
  PRIMARY KEY (job_id, status)
) STRICT, WITHOUT ROWID;
INSERT INTO executor_run_counts SELECT job_id, status, count(*) FROM executor_runs GROUP BY job_id, status;

CREATE TRIGGER executor_runs_counted_insert AFTER INSERT ON executor_runs BEGIN
  INSERT INTO executor_run_counts VALUES (new.job_id, new.status, 1)
    ON CONFLICT (job_id, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER executor_runs_counted_update AFTER UPDATE OF status ON executor_runs WHEN new.status <> old.status BEGIN
  UPDATE executor_run_counts SET count = count - 1 WHERE job_id = old.job_id AND status = old.status;
  INSERT INTO executor_run_counts VALUES (new.job_id, new.status, 1)
    ON CONFLICT (job_id, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER executor_runs_counted_delete AFTER DELETE ON executor_runs BEGIN
  UPDATE executor_run_counts SET count = count - 1 WHERE job_id = old.job_id AND status = old.status;
  DELETE FROM executor_run_counts WHERE job_id = old.job_id AND count <= 0;
END;

-- The tags and metadata of runs, for the filters of lists.
CREATE TABLE executor_run_labels (
  project_id TEXT NOT NULL,
  kind       TEXT NOT NULL CHECK (kind IN ('tag', 'metadata')),
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  run_id     TEXT NOT NULL,
  PRIMARY KEY (project_id, kind, key, value, created_at, run_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX executor_run_labels_of_key ON executor_run_labels (project_id, kind, key, created_at, run_id);

INSERT INTO executor_run_labels
SELECT run.project_id, 'tag', label.key, coalesce(label.value, 'null'), run.created_at, run.id
FROM executor_runs run, json_each(run.tags_json) label WHERE run.tags_json IS NOT NULL
UNION ALL
SELECT run.project_id, 'metadata', label.key, coalesce(label.value, 'null'), run.created_at, run.id
FROM executor_runs run, json_each(run.metadata_json) label WHERE run.metadata_json IS NOT NULL;

CREATE TRIGGER executor_runs_labelled_insert AFTER INSERT ON executor_runs
WHEN new.tags_json IS NOT NULL OR new.metadata_json IS NOT NULL BEGIN
  INSERT INTO executor_run_labels SELECT new.project_id, 'tag', key, coalesce(value, 'null'), new.created_at, new.id
    FROM json_each(coalesce(new.tags_json, '{}'));
  INSERT INTO executor_run_labels SELECT new.project_id, 'metadata', key, coalesce(value, 'null'), new.created_at, new.id
    FROM json_each(coalesce(new.metadata_json, '{}'));
END;
-- Tags never change.
CREATE TRIGGER executor_runs_labelled_update AFTER UPDATE OF metadata_json ON executor_runs
WHEN new.metadata_json IS NOT old.metadata_json BEGIN
  DELETE FROM executor_run_labels WHERE (project_id, kind, key, value, created_at, run_id) IN
    (SELECT old.project_id, 'metadata', key, coalesce(value, 'null'), old.created_at, old.id
     FROM json_each(coalesce(old.metadata_json, '{}')));
  INSERT INTO executor_run_labels SELECT new.project_id, 'metadata', key, coalesce(value, 'null'), new.created_at, new.id
    FROM json_each(coalesce(new.metadata_json, '{}'));
END;
CREATE TRIGGER executor_runs_labelled_delete AFTER DELETE ON executor_runs
WHEN old.tags_json IS NOT NULL OR old.metadata_json IS NOT NULL BEGIN
  DELETE FROM executor_run_labels WHERE (project_id, kind, key, value, created_at, run_id) IN
    (SELECT old.project_id, 'tag', key, coalesce(value, 'null'), old.created_at, old.id
     FROM json_each(coalesce(old.tags_json, '{}'))
     UNION ALL SELECT old.project_id, 'metadata', key, coalesce(value, 'null'), old.created_at, old.id
     FROM json_each(coalesce(old.metadata_json, '{}')));
END;

-- The other filters of lists of runs, each in the order of the list.
CREATE INDEX executor_runs_of_status ON executor_runs (project_id, status, created_at, id);
CREATE INDEX executor_runs_triggered_by ON executor_runs (project_id, triggered_by, created_at, id);
CREATE INDEX executor_runs_of_mode ON executor_runs (project_id, execution_mode, created_at, id);
CREATE INDEX executor_runs_of_error ON executor_runs (project_id, error_class, created_at, id)
  WHERE error_class IS NOT NULL;
DROP INDEX executor_runs_batch;
CREATE INDEX executor_runs_of_batch ON executor_runs (project_id, batch_id, created_at, id) WHERE batch_id IS NOT NULL;

-- How many jobs of each runner are in each status.
CREATE TABLE job_counts (
  runner_id TEXT NOT NULL,
  status    TEXT NOT NULL,
  count     INTEGER NOT NULL,
  PRIMARY KEY (runner_id, status)
) STRICT, WITHOUT ROWID;
INSERT INTO job_counts SELECT runner_id, status, count(*) FROM jobs GROUP BY runner_id, status;

-- How many jobs of each runner and project are in each block of 1,000 sequence numbers: totals, and where a page begins.
CREATE TABLE job_blocks (
  runner_id  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  block      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (runner_id, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO job_blocks SELECT runner_id, project_id, sequence / 1000, count(*) FROM jobs GROUP BY 1, 2, 3;

CREATE TRIGGER jobs_counted_insert AFTER INSERT ON jobs BEGIN
  INSERT INTO job_counts VALUES (new.runner_id, new.status, 1)
    ON CONFLICT (runner_id, status) DO UPDATE SET count = count + 1;
  INSERT INTO job_blocks VALUES (new.runner_id, new.project_id, new.sequence / 1000, 1)
    ON CONFLICT (runner_id, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_counted_update AFTER UPDATE OF status ON jobs WHEN new.status <> old.status BEGIN
  UPDATE job_counts SET count = count - 1 WHERE runner_id = old.runner_id AND status = old.status;
  INSERT INTO job_counts VALUES (new.runner_id, new.status, 1)
    ON CONFLICT (runner_id, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_counted_delete AFTER DELETE ON jobs BEGIN
  UPDATE job_counts SET count = count - 1 WHERE runner_id = old.runner_id AND status = old.status;
  DELETE FROM job_counts WHERE runner_id = old.runner_id AND count <= 0;
  UPDATE job_blocks SET count = count - 1
    WHERE runner_id = old.runner_id AND project_id = old.project_id AND block = old.sequence / 1000;
  DELETE FROM job_blocks
    WHERE runner_id = old.runner_id AND project_id = old.project_id AND block = old.sequence / 1000 AND count <= 0;
END;
CREATE INDEX jobs_of_project ON jobs (runner_id, project_id, sequence);

CREATE TABLE bridge_command_counts (
  status TEXT PRIMARY KEY,
  count  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO bridge_command_counts SELECT status, count(*) FROM bridge_commands GROUP BY status;

CREATE TRIGGER bridge_commands_counted_insert AFTER INSERT ON bridge_commands BEGIN
  INSERT INTO bridge_command_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER bridge_commands_counted_update AFTER UPDATE OF status ON bridge_commands
WHEN new.status <> old.status BEGIN
  UPDATE bridge_command_counts SET count = count - 1 WHERE status = old.status;
  INSERT INTO bridge_command_counts VALUES (new.status, 1) ON CONFLICT (status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER bridge_commands_counted_delete AFTER DELETE ON bridge_commands BEGIN
  UPDATE bridge_command_counts SET count = count - 1 WHERE status = old.status;
END;

-- Other lists, and searches that read more than they need.
CREATE INDEX executor_webhook_deliveries_of_status ON executor_webhook_deliveries (project_id, status, created_at, id);
CREATE INDEX executor_event_triggers_of_status ON executor_event_triggers (project_id, status, requested_at, id);
CREATE INDEX executor_event_triggers_of_source ON executor_event_triggers (project_id, source_type, requested_at, id);
CREATE INDEX executor_event_triggers_of_key ON executor_event_triggers (event_key);
DROP INDEX executor_runs_by_payload;
CREATE INDEX executor_runs_by_payload ON executor_runs (job_id, payload_hash, created_at, id)
  WHERE payload_hash IS NOT NULL;
DROP INDEX cancellations_of_runner;
CREATE INDEX cancellations_of_runner ON cancellations (runner_id, cancelled_at, job_id);
