-- Queues of traces or threads that people are to score.
CREATE TABLE annotation_queues (
  workspace                      TEXT NOT NULL,
  id                             TEXT NOT NULL,
  project_id                     TEXT NOT NULL,
  name                           TEXT NOT NULL,
  description                    TEXT NOT NULL,
  instructions                   TEXT NOT NULL,
  scope                          TEXT NOT NULL CHECK (scope IN ('trace', 'thread')),
  comments_enabled               INTEGER NOT NULL CHECK (comments_enabled IN (0, 1)),
  feedback_definition_names_json TEXT NOT NULL,
  annotators_per_item            INTEGER NOT NULL,
  lock_timeout_seconds           INTEGER NOT NULL,
  created_at                     INTEGER NOT NULL,
  created_by                     TEXT NOT NULL,
  last_updated_at                INTEGER NOT NULL,
  last_updated_by                TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE annotation_queue_items (
  workspace  TEXT NOT NULL,
  queue_id   TEXT NOT NULL,
  item_id    TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  PRIMARY KEY (workspace, queue_id, item_id),
  FOREIGN KEY (workspace, queue_id) REFERENCES annotation_queues (workspace, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX annotation_queues_of_item ON annotation_queue_items (workspace, item_id);
CREATE INDEX annotation_queue_items_created ON annotation_queue_items (created_at);

-- Who annotates an item now.
CREATE TABLE annotation_queue_locks (
  workspace  TEXT NOT NULL,
  queue_id   TEXT NOT NULL,
  item_id    TEXT NOT NULL,
  user       TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  PRIMARY KEY (workspace, queue_id, item_id, user),
  FOREIGN KEY (workspace, queue_id) REFERENCES annotation_queues (workspace, id) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
