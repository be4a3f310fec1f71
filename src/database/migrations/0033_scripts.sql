-- What answers or acts by itself, as fixtures say: an agent or runner, a job of executor runs, a user.
CREATE TABLE scripts (
  sequence        INTEGER PRIMARY KEY,
  kind            TEXT NOT NULL CHECK (kind IN ('agent', 'runner', 'executor', 'user')),
  -- the id of the runner or job; of a user the workspace
  owner           TEXT NOT NULL,
  -- of an agent or user
  name            TEXT NOT NULL,
  workspace       TEXT,
  runner_id       TEXT REFERENCES runners (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  executor_job_id TEXT REFERENCES executor_jobs (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  -- the list of responses, or of what a user does
  script_json     TEXT NOT NULL,
  -- of a runner: 1 when its heartbeats are sent
  heartbeats      INTEGER NOT NULL,
  -- how often each entry of the list was used
  uses_json       TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  UNIQUE (kind, owner, name)
) STRICT;

CREATE INDEX scripts_of_runner ON scripts (runner_id);
CREATE INDEX scripts_of_job ON scripts (executor_job_id);

-- Answers that take time and are under way; the id is that of the job, run or command.
CREATE TABLE script_tasks (
  id             TEXT PRIMARY KEY,
  script         INTEGER NOT NULL REFERENCES scripts (sequence) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  response_json  TEXT NOT NULL,
  variables_json TEXT NOT NULL,
  -- how many of its steps are done
  step           INTEGER NOT NULL,
  -- since when the times of the next steps count
  began_at       INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX script_tasks_of_script ON script_tasks (script);

-- The files of runners that answer bridge commands by themselves.
CREATE TABLE script_files (
  runner_id TEXT NOT NULL REFERENCES runners (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  path      TEXT NOT NULL,
  content   TEXT NOT NULL,
  PRIMARY KEY (runner_id, path)
) STRICT, WITHOUT ROWID;
