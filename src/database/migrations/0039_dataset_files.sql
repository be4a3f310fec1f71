-- What became of the last file of items that was uploaded to a dataset.
ALTER TABLE datasets ADD COLUMN status TEXT NOT NULL DEFAULT 'unknown'
  CHECK (status IN ('unknown', 'processing', 'completed', 'failed'));

CREATE INDEX datasets_processing ON datasets (id) WHERE status = 'processing';

-- Exports of the items of datasets to files, which outlive the dataset.
CREATE TABLE dataset_export_jobs (
  id              TEXT PRIMARY KEY,
  workspace       TEXT NOT NULL,
  dataset_id      TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('PENDING', 'PROCESSING', 'COMPLETED', 'FAILED')),
  file_path       TEXT,
  -- of the file, in bytes
  size            INTEGER,
  error_message   TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT,
  expires_at      INTEGER NOT NULL,
  viewed_at       INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX dataset_export_jobs_of_workspace ON dataset_export_jobs (workspace, id);
CREATE INDEX dataset_export_jobs_in_progress ON dataset_export_jobs (dataset_id)
  WHERE status IN ('PENDING', 'PROCESSING');
CREATE INDEX dataset_export_jobs_finished ON dataset_export_jobs (expires_at) WHERE status = 'COMPLETED';
CREATE INDEX dataset_export_jobs_viewed ON dataset_export_jobs (viewed_at) WHERE status = 'FAILED';
