-- What Opik's web application keeps for a workspace.
CREATE TABLE workspace_configurations (
  workspace              TEXT NOT NULL PRIMARY KEY,
  thread_timeout_seconds INTEGER,
  truncation_on_tables   INTEGER,
  color_map_json         TEXT
) STRICT, WITHOUT ROWID;
