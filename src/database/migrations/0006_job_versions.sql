-- What a job's definition decides when its runs are handed out.

-- A run that stays at a version of its job is signed with the secret of that version.
ALTER TABLE executor_job_versions ADD COLUMN signing_secret TEXT;
UPDATE executor_job_versions SET signing_secret =
  (SELECT signing_secret FROM executor_jobs WHERE executor_jobs.id = executor_job_versions.job_id);

-- Handed to executors with each push. Their values are kept as they came: the file is its owner's.
CREATE TABLE executor_secrets (
  id          TEXT PRIMARY KEY,
  project_id  TEXT NOT NULL,
  job_id      TEXT REFERENCES executor_jobs (id) ON DELETE CASCADE,
  environment TEXT NOT NULL,
  secret_key  TEXT NOT NULL,
  value       TEXT NOT NULL,
  created_at  INTEGER NOT NULL,
  updated_at  INTEGER NOT NULL,
  UNIQUE (job_id, environment, secret_key)
) STRICT;
CREATE INDEX executor_secrets_newest ON executor_secrets (project_id, created_at, id);

-- What the runs of a job share goes with the job.
CREATE TABLE executor_job_memory (
  id             TEXT PRIMARY KEY,
  job_id         TEXT NOT NULL REFERENCES executor_jobs (id) ON DELETE CASCADE,
  project_id     TEXT NOT NULL,
  memory_key     TEXT NOT NULL,
  value_json     TEXT NOT NULL,
  size_bytes     INTEGER NOT NULL,
  ttl_expires_at INTEGER,
  created_at     INTEGER NOT NULL,
  updated_at     INTEGER NOT NULL,
  UNIQUE (job_id, memory_key)
) STRICT;
INSERT INTO executor_job_memory SELECT * FROM executor_memory WHERE job_id IN (SELECT id FROM executor_jobs);
DROP TABLE executor_memory;
ALTER TABLE executor_job_memory RENAME TO executor_memory;
CREATE INDEX executor_memory_expiring ON executor_memory (ttl_expires_at) WHERE ttl_expires_at IS NOT NULL;

-- Who has asked for a run is a part of the planned run.
ALTER TABLE executor_debounces DROP COLUMN created_by;
