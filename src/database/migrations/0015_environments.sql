CREATE TABLE environments (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  name            TEXT NOT NULL COLLATE NOCASE,
  description     TEXT,
  color           TEXT NOT NULL,
  position        INTEGER NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  UNIQUE (workspace, id),
  UNIQUE (workspace, name)
) STRICT;
