-- Datasets, their versions and items. Times are milliseconds since the epoch.

CREATE TABLE datasets (
  id                         TEXT PRIMARY KEY,
  workspace                  TEXT NOT NULL,
  -- NULL for a dataset of no project
  project_id                 TEXT,
  name                       TEXT NOT NULL,
  -- what equal names have in common (src/core/comparison-key.ts)
  name_key                   TEXT NOT NULL,
  description                TEXT,
  type                       TEXT NOT NULL,
  visibility                 TEXT NOT NULL,
  tags_json                  TEXT,
  last_created_experiment_at INTEGER,
  created_at                 INTEGER NOT NULL,
  created_by                 TEXT NOT NULL,
  last_updated_at            INTEGER NOT NULL,
  last_updated_by            TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX datasets_by_name ON datasets (workspace, name_key, coalesce(project_id, ''));
CREATE INDEX datasets_of_workspace ON datasets (workspace, id);
CREATE INDEX datasets_of_project ON datasets (workspace, project_id, id);

CREATE TABLE dataset_versions (
  id                    TEXT PRIMARY KEY,
  workspace             TEXT NOT NULL,
  dataset_id            TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  -- 1, 2, 3 and so on; the highest is the latest
  number                INTEGER NOT NULL,
  version_hash          TEXT NOT NULL,
  -- the id that the requests share which made it
  batch_group_id        TEXT,
  items_total           INTEGER NOT NULL,
  items_added           INTEGER NOT NULL,
  items_modified        INTEGER NOT NULL,
  items_deleted         INTEGER NOT NULL,
  change_description    TEXT,
  metadata_json         TEXT,
  evaluators_json       TEXT,
  execution_policy_json TEXT,
  created_at            INTEGER NOT NULL,
  created_by            TEXT NOT NULL,
  last_updated_at       INTEGER NOT NULL,
  last_updated_by       TEXT NOT NULL,
  UNIQUE (dataset_id, number)
) STRICT;
CREATE INDEX dataset_versions_by_hash ON dataset_versions (dataset_id, version_hash);
CREATE INDEX dataset_versions_by_group ON dataset_versions (dataset_id, batch_group_id);

CREATE TABLE dataset_version_tags (
  sequence   INTEGER PRIMARY KEY,
  workspace  TEXT NOT NULL,
  dataset_id TEXT NOT NULL REFERENCES datasets (id) ON DELETE CASCADE,
  version_id TEXT NOT NULL REFERENCES dataset_versions (id) ON DELETE CASCADE,
  tag        TEXT NOT NULL,
  UNIQUE (dataset_id, tag)
) STRICT;
CREATE INDEX dataset_version_tags_of_version ON dataset_version_tags (version_id, sequence);

-- A row is one state of an item: the versions of the dataset from `first_version` up to, and without, `end_version`
-- have it. So a new version costs only the rows that differ.
CREATE TABLE dataset_items (
  sequence              INTEGER PRIMARY KEY,
  workspace             TEXT NOT NULL,
  dataset_id            TEXT NOT NULL,
  item_id               TEXT NOT NULL,
  first_version         INTEGER NOT NULL,
  end_version           INTEGER NOT NULL,
  source                TEXT NOT NULL,
  trace_id              TEXT,
  span_id               TEXT,
  data_json             TEXT NOT NULL,
  description           TEXT,
  tags_json             TEXT,
  evaluators_json       TEXT,
  execution_policy_json TEXT,
  created_at            INTEGER NOT NULL,
  created_by            TEXT NOT NULL,
  last_updated_at       INTEGER NOT NULL,
  last_updated_by       TEXT NOT NULL,
  UNIQUE (dataset_id, item_id, first_version)
) STRICT;
CREATE INDEX dataset_items_by_id ON dataset_items (workspace, item_id);
CREATE INDEX dataset_items_by_first_version ON dataset_items (dataset_id, first_version);
CREATE INDEX dataset_items_by_end_version ON dataset_items (dataset_id, end_version);

-- Experiments refer to a dataset that may be deleted since, and to traces that may come later or never.
CREATE TABLE experiments (
  sequence               INTEGER PRIMARY KEY,
  workspace              TEXT NOT NULL,
  id                     TEXT NOT NULL,
  dataset_id             TEXT NOT NULL,
  dataset_version_id     TEXT,
  project_id             TEXT,
  name                   TEXT NOT NULL,
  type                   TEXT NOT NULL,
  evaluation_method      TEXT NOT NULL,
  optimization_id        TEXT,
  status                 TEXT,
  metadata_json          TEXT,
  tags_json              TEXT,
  experiment_scores_json TEXT,
  prompt_versions_json   TEXT,
  created_at             INTEGER NOT NULL,
  created_by             TEXT NOT NULL,
  last_updated_at        INTEGER NOT NULL,
  last_updated_by        TEXT NOT NULL,
  UNIQUE (workspace, id)
) STRICT;
CREATE INDEX experiments_of_dataset ON experiments (workspace, dataset_id, id);
CREATE INDEX experiments_of_project ON experiments (workspace, project_id, id);
CREATE INDEX experiments_by_name ON experiments (workspace, name, id);

CREATE TABLE experiment_items (
  sequence              INTEGER PRIMARY KEY,
  workspace             TEXT NOT NULL,
  id                    TEXT NOT NULL,
  experiment_id         TEXT NOT NULL,
  dataset_item_id       TEXT NOT NULL,
  trace_id              TEXT NOT NULL,
  project_id            TEXT,
  execution_policy_json TEXT,
  created_at            INTEGER NOT NULL,
  created_by            TEXT NOT NULL,
  last_updated_at       INTEGER NOT NULL,
  last_updated_by       TEXT NOT NULL,
  UNIQUE (workspace, id)
) STRICT;
CREATE INDEX experiment_items_of_experiment ON experiment_items (workspace, experiment_id, id);
CREATE INDEX experiment_items_of_dataset_item ON experiment_items (workspace, experiment_id, dataset_item_id, id);
CREATE INDEX experiment_items_of_trace ON experiment_items (workspace, trace_id);
