-- How many runs of a project wait to be executed: looked at before each new one.
CREATE INDEX executor_runs_to_start ON executor_runs (project_id) WHERE status IN ('delayed', 'queued');
