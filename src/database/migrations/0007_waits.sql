-- What a run may keep, and who is told of waits and of the ends of runs.

-- The place of an event in its run, from 1: its greatest says how many there are.
ALTER TABLE executor_run_events ADD COLUMN number INTEGER NOT NULL DEFAULT 0;
UPDATE executor_run_events SET number = numbered.number FROM (
  SELECT sequence, row_number() OVER (PARTITION BY run_id ORDER BY sequence) AS number FROM executor_run_events
) AS numbered WHERE numbered.sequence = executor_run_events.sequence;
CREATE UNIQUE INDEX executor_run_events_numbered ON executor_run_events (run_id, number);

-- A webhook to call: of a wait that began (`notify_url`), or of a run that has ended (`webhook_url` of its job).
CREATE TABLE executor_webhook_deliveries (
  id               TEXT PRIMARY KEY,
  project_id       TEXT NOT NULL,
  environment_id   TEXT,
  event_trigger_id TEXT REFERENCES executor_event_triggers (id) ON DELETE CASCADE,
  run_id           TEXT REFERENCES executor_runs (id) ON DELETE CASCADE,
  job_id           TEXT,
  webhook_url      TEXT NOT NULL,
  signing_secret   TEXT,
  payload_json     TEXT NOT NULL,
  status           TEXT NOT NULL CHECK (status IN ('pending', 'delivered', 'dead')),
  attempts         INTEGER NOT NULL,
  max_attempts     INTEGER NOT NULL,
  last_status_code INTEGER,
  last_error       TEXT,
  next_retry_at    INTEGER,
  delivered_at     INTEGER,
  created_at       INTEGER NOT NULL,
  updated_at       INTEGER NOT NULL
) STRICT;
CREATE INDEX executor_webhook_deliveries_newest ON executor_webhook_deliveries (project_id, created_at, id);
CREATE INDEX executor_webhook_deliveries_due ON executor_webhook_deliveries (next_retry_at) WHERE status = 'pending';
CREATE INDEX executor_webhook_deliveries_of_wait ON executor_webhook_deliveries (event_trigger_id)
  WHERE event_trigger_id IS NOT NULL;
CREATE INDEX executor_webhook_deliveries_of_run ON executor_webhook_deliveries (run_id) WHERE run_id IS NOT NULL;
