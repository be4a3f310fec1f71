-- Which scores people give, and their values.
CREATE TABLE feedback_definitions (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  description     TEXT,
  type            TEXT NOT NULL CHECK (type IN ('numerical', 'categorical', 'boolean')),
  details_json    TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, name_key)
) STRICT, WITHOUT ROWID;
