-- Set by the statement that assigns an item (job, bridge command, run of a worker, cancellation) in an answer, cleared
-- when its client is known to have read the answer. What has the mark when a server starts is assigned again.

ALTER TABLE jobs ADD COLUMN unacknowledged INTEGER NOT NULL DEFAULT 0 CHECK (unacknowledged IN (0, 1));
ALTER TABLE bridge_commands ADD COLUMN unacknowledged INTEGER NOT NULL DEFAULT 0 CHECK (unacknowledged IN (0, 1));
ALTER TABLE executor_runs ADD COLUMN unacknowledged INTEGER NOT NULL DEFAULT 0 CHECK (unacknowledged IN (0, 1));
ALTER TABLE cancellation_deliveries ADD COLUMN unacknowledged INTEGER NOT NULL DEFAULT 0
  CHECK (unacknowledged IN (0, 1));
-- Those that a start looks at.
CREATE INDEX bridge_commands_unfinished ON bridge_commands (sequence) WHERE completed_at IS NULL;
CREATE INDEX cancellation_deliveries_unacknowledged ON cancellation_deliveries (job_id) WHERE unacknowledged = 1;
