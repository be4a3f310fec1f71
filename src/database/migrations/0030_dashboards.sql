CREATE TABLE dashboards (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  project_id      TEXT,
  name            TEXT NOT NULL,
  name_key        TEXT NOT NULL,
  slug            TEXT NOT NULL,
  type            TEXT NOT NULL,
  scope           TEXT NOT NULL,
  description     TEXT,
  config_json     TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, slug)
) STRICT;

CREATE INDEX dashboards_of_project ON dashboards (workspace, project_id, id);
