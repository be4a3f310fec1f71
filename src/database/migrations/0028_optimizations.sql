-- Optimizations refer to a dataset that may be deleted since; its name is kept, because clients need one.
CREATE TABLE optimizations (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  dataset_id      TEXT NOT NULL,
  dataset_name    TEXT NOT NULL,
  project_id      TEXT,
  name            TEXT NOT NULL,
  objective_name  TEXT NOT NULL,
  status          TEXT NOT NULL,
  metadata_json   TEXT,
  studio_json     TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT;
CREATE INDEX optimizations_of_dataset ON optimizations (workspace, dataset_id, id);
CREATE INDEX optimizations_of_project ON optimizations (workspace, project_id, id);
CREATE INDEX experiments_of_optimization ON experiments (workspace, optimization_id, id) WHERE optimization_id IS NOT NULL;
