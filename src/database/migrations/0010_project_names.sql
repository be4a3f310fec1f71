-- Names of projects are compared by a key (src/core/comparison-key.ts). Of projects whose names were different and
-- are equal now, the oldest has the name; the others keep their rows, and are found by their ids.

CREATE TABLE projects_by_key (
  id              TEXT PRIMARY KEY,
  workspace       TEXT NOT NULL,
  name            TEXT NOT NULL,
  -- what equal names have in common
  name_key        TEXT NOT NULL,
  description     TEXT,
  visibility      TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  -- ISO 8601, as in the traces
  last_updated_trace_at TEXT,
  UNIQUE (workspace, name_key)
) STRICT;

INSERT INTO projects_by_key
SELECT id, workspace, name,
  CASE
    WHEN row_number() OVER (PARTITION BY workspace, comparison_key(name) ORDER BY created_at, id) = 1
    THEN comparison_key(name)
    -- no name has a line break and an id at its end by chance
    ELSE comparison_key(name) || char(10) || id
  END,
  description, visibility, created_at, created_by, last_updated_at, last_updated_by, last_updated_trace_at
FROM projects;

DROP TABLE projects;
ALTER TABLE projects_by_key RENAME TO projects;
