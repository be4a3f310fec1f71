-- The attempts of runs that were followed by another one; the last attempt of a run is in its row.
CREATE TABLE executor_run_attempts (
  run_id      TEXT NOT NULL REFERENCES executor_runs (id) ON DELETE CASCADE,
  -- counts from 1 in each run; `attempt` begins anew when a run is brought back from the dead letter queue
  number      INTEGER NOT NULL,
  attempt     INTEGER NOT NULL,
  status      TEXT NOT NULL,
  started_at  INTEGER,
  finished_at INTEGER NOT NULL,
  error       TEXT,
  error_class TEXT,
  PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
