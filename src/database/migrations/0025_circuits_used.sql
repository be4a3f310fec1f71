-- An endpoint is forgotten some time after its last call, which needs no look at jobs and runs. What is known from
-- before is learnt again.

ALTER TABLE executor_circuits ADD COLUMN used_at INTEGER NOT NULL DEFAULT 0;
CREATE INDEX executor_circuits_used ON executor_circuits (used_at);
