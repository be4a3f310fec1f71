-- Whether an endpoint works is known to each project of its own. What was known before is learnt again in a minute.

DROP TABLE executor_circuits;
CREATE TABLE executor_circuits (
  project_id           TEXT NOT NULL,
  endpoint_url         TEXT NOT NULL,
  consecutive_failures INTEGER NOT NULL,
  open_until           INTEGER,
  PRIMARY KEY (project_id, endpoint_url)
) STRICT, WITHOUT ROWID;
