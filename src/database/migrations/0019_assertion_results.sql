-- Results of assertions on traces and spans, each by its name. Times are milliseconds since the epoch.
CREATE TABLE assertion_results (
  sequence        INTEGER PRIMARY KEY,
  workspace       TEXT NOT NULL,
  entity_type     TEXT NOT NULL,
  entity_id       TEXT NOT NULL,
  project_id      TEXT NOT NULL,
  name            TEXT NOT NULL,
  status          TEXT NOT NULL,
  reason          TEXT,
  source          TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  UNIQUE (workspace, entity_type, entity_id, name)
) STRICT;
