CREATE TABLE prompts (
  workspace          TEXT NOT NULL,
  id                 TEXT NOT NULL,
  project_id         TEXT NOT NULL,
  name               TEXT NOT NULL,
  -- what equal names have in common
  name_key           TEXT NOT NULL,
  description        TEXT,
  template_structure TEXT NOT NULL CHECK (template_structure IN ('text', 'chat')),
  tags_json          TEXT,
  version_count      INTEGER NOT NULL,
  created_at         INTEGER NOT NULL,
  created_by         TEXT NOT NULL,
  last_updated_at    INTEGER NOT NULL,
  last_updated_by    TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, name_key, project_id)
) STRICT;

CREATE INDEX prompts_of_project ON prompts (workspace, project_id, id);

CREATE TABLE prompt_versions (
  workspace          TEXT NOT NULL,
  id                 TEXT NOT NULL,
  prompt_id          TEXT NOT NULL,
  -- counts the versions of the prompt; NULL for a mask
  number             INTEGER,
  commit_hash        TEXT NOT NULL,
  template           TEXT NOT NULL,
  metadata_json      TEXT,
  type               TEXT NOT NULL,
  change_description TEXT,
  tags_json          TEXT,
  created_at         INTEGER NOT NULL,
  created_by         TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, prompt_id, commit_hash),
  UNIQUE (workspace, prompt_id, number)
) STRICT;

CREATE INDEX prompt_versions_by_id ON prompt_versions (workspace, prompt_id, id) WHERE number IS NOT NULL;
CREATE INDEX prompt_versions_by_commit ON prompt_versions (workspace, commit_hash) WHERE number IS NOT NULL;

-- Which version of a prompt each environment uses.
CREATE TABLE prompt_environments (
  workspace   TEXT NOT NULL,
  prompt_id   TEXT NOT NULL,
  environment TEXT NOT NULL COLLATE NOCASE,
  version_id  TEXT NOT NULL,
  PRIMARY KEY (workspace, prompt_id, environment)
) STRICT, WITHOUT ROWID;

CREATE INDEX prompt_environments_of_version ON prompt_environments (workspace, version_id);
