-- Scores and comments of traces, spans and threads, which may come before the thing itself. Of one name, each author has
-- one score.
CREATE TABLE feedback_scores (
  workspace       TEXT NOT NULL,
  entity_type     TEXT NOT NULL CHECK (entity_type IN ('trace', 'span', 'thread')),
  entity_id       TEXT NOT NULL,
  name            TEXT NOT NULL,
  author          TEXT NOT NULL,
  project_id      TEXT NOT NULL,
  value           REAL NOT NULL,
  category_name   TEXT,
  reason          TEXT,
  source          TEXT NOT NULL,
  source_queue_id TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, entity_type, entity_id, name, author)
) STRICT, WITHOUT ROWID;
CREATE INDEX feedback_scores_of_project ON feedback_scores (workspace, project_id, entity_type, name);
CREATE INDEX feedback_scores_created ON feedback_scores (created_at);

CREATE TABLE comments (
  workspace       TEXT NOT NULL,
  id              TEXT NOT NULL,
  entity_type     TEXT NOT NULL CHECK (entity_type IN ('trace', 'span', 'thread')),
  entity_id       TEXT NOT NULL,
  text            TEXT NOT NULL,
  source_queue_id TEXT,
  created_at      INTEGER NOT NULL,
  created_by      TEXT NOT NULL,
  last_updated_at INTEGER NOT NULL,
  last_updated_by TEXT NOT NULL,
  PRIMARY KEY (workspace, id)
) STRICT, WITHOUT ROWID;
CREATE INDEX comments_of_entity ON comments (workspace, entity_type, entity_id, id);
CREATE INDEX comments_created ON comments (created_at);
