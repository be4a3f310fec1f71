-- A project has a configuration when it has a blueprint that is no mask.
CREATE TABLE agent_blueprints (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  project_id      TEXT NOT NULL,
  -- counts the blueprints of the project; NULL for a mask
  number          INTEGER,
  description     TEXT,
  values_json     TEXT NOT NULL,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, project_id, number)
) STRICT;

-- Which blueprint of a project each environment uses.
CREATE TABLE agent_environments (
  workspace    TEXT NOT NULL,
  project_id   TEXT NOT NULL,
  name         TEXT NOT NULL COLLATE NOCASE,
  blueprint_id TEXT NOT NULL,
  PRIMARY KEY (workspace, project_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX agent_environments_of_blueprint ON agent_environments (workspace, blueprint_id);
