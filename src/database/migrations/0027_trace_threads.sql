-- The traces of a project with one `thread_id` are a thread, which has an id of its own: that of its model.
CREATE TABLE trace_threads (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  project_id      TEXT NOT NULL,
  thread_id       TEXT NOT NULL,
  status          TEXT NOT NULL CHECK (status IN ('active', 'inactive')),
  tags_json       TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id),
  UNIQUE (workspace, project_id, thread_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX trace_threads_of_project ON trace_threads (workspace, project_id, id);
CREATE INDEX trace_threads_last_updated ON trace_threads (last_updated_at);

CREATE INDEX traces_of_thread ON traces (workspace, project_id, thread_id, id) WHERE thread_id IS NOT NULL;

INSERT INTO trace_threads
SELECT workspace, min(id), project_id, thread_id, 'active', NULL, min(created_at), min(created_by), max(created_at),
  min(last_updated_by)
FROM traces WHERE thread_id IS NOT NULL AND trim(thread_id) <> '' GROUP BY workspace, project_id, thread_id;
