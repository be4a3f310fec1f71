-- Files of traces and spans; what is in them is beside the database, under file_id.
CREATE TABLE attachments (
  workspace   TEXT NOT NULL,
  project_id  TEXT NOT NULL,
  entity_type TEXT NOT NULL CHECK (entity_type IN ('trace', 'span')),
  entity_id   TEXT NOT NULL,
  file_name   TEXT NOT NULL,
  mime_type   TEXT NOT NULL,
  size        INTEGER NOT NULL,
  file_id     TEXT NOT NULL UNIQUE,
  created_at  INTEGER NOT NULL,
  PRIMARY KEY (workspace, entity_type, entity_id, project_id, file_name)
) STRICT;

CREATE INDEX attachments_by_age ON attachments (created_at);
