-- Lists show the threads that have traces. Whether a thread has any, and how many of a project were last changed in each
-- block of 5 minutes, is kept by triggers: lists and their totals read nothing of other threads.
ALTER TABLE trace_threads ADD COLUMN has_traces INTEGER NOT NULL DEFAULT 0;
UPDATE trace_threads SET has_traces = 1 WHERE EXISTS (SELECT 1 FROM traces WHERE traces.workspace = trace_threads.workspace
  AND traces.project_id = trace_threads.project_id AND traces.thread_id = trace_threads.thread_id);

DROP INDEX trace_threads_of_project;
CREATE INDEX trace_threads_listed ON trace_threads (workspace, project_id, id) WHERE has_traces = 1;
CREATE INDEX trace_threads_listed_by_change ON trace_threads (workspace, project_id, last_updated_at, id)
  WHERE has_traces = 1;

CREATE TABLE trace_thread_blocks (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  -- `last_updated_at`, in 5 minutes since the epoch
  block      INTEGER NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO trace_thread_blocks SELECT workspace, project_id, last_updated_at / 300000, count(*) FROM trace_threads
  WHERE has_traces = 1 GROUP BY 1, 2, 3;

-- A thread may be made before its traces, when it is scored or loaded, or after them.
CREATE TRIGGER trace_threads_insert AFTER INSERT ON trace_threads BEGIN
  UPDATE trace_threads SET has_traces = 1 WHERE workspace = new.workspace AND id = new.id AND EXISTS
    (SELECT 1 FROM traces WHERE workspace = new.workspace AND project_id = new.project_id AND thread_id = new.thread_id);
END;
CREATE TRIGGER traces_thread_insert AFTER INSERT ON traces WHEN new.thread_id IS NOT NULL BEGIN
  UPDATE trace_threads SET has_traces = 1 WHERE workspace = new.workspace AND project_id = new.project_id
    AND thread_id = new.thread_id AND has_traces = 0;
END;
CREATE TRIGGER traces_thread_delete AFTER DELETE ON traces WHEN old.thread_id IS NOT NULL BEGIN
  UPDATE trace_threads SET has_traces = 0 WHERE workspace = old.workspace AND project_id = old.project_id
    AND thread_id = old.thread_id AND NOT EXISTS
    (SELECT 1 FROM traces WHERE workspace = old.workspace AND project_id = old.project_id AND thread_id = old.thread_id);
END;
CREATE TRIGGER traces_thread_move AFTER UPDATE OF project_id, thread_id ON traces
WHEN new.project_id <> old.project_id OR new.thread_id IS NOT old.thread_id BEGIN
  UPDATE trace_threads SET has_traces = 0 WHERE workspace = old.workspace AND project_id = old.project_id
    AND thread_id = old.thread_id AND NOT EXISTS
    (SELECT 1 FROM traces WHERE workspace = old.workspace AND project_id = old.project_id AND thread_id = old.thread_id);
  UPDATE trace_threads SET has_traces = 1 WHERE workspace = new.workspace AND project_id = new.project_id
    AND thread_id = new.thread_id AND has_traces = 0;
END;

CREATE TRIGGER trace_threads_counted AFTER UPDATE OF has_traces ON trace_threads
WHEN new.has_traces = 1 AND old.has_traces = 0 BEGIN
  INSERT INTO trace_thread_blocks VALUES (new.workspace, new.project_id, new.last_updated_at / 300000, 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER trace_threads_not_counted AFTER UPDATE OF has_traces ON trace_threads
WHEN new.has_traces = 0 AND old.has_traces = 1 BEGIN
  UPDATE trace_thread_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000;
  DELETE FROM trace_thread_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000 AND count <= 0;
END;
CREATE TRIGGER trace_threads_change AFTER UPDATE OF last_updated_at ON trace_threads
WHEN old.has_traces = 1 AND new.last_updated_at / 300000 <> old.last_updated_at / 300000 BEGIN
  UPDATE trace_thread_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000;
  DELETE FROM trace_thread_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000 AND count <= 0;
  INSERT INTO trace_thread_blocks VALUES (new.workspace, new.project_id, new.last_updated_at / 300000, 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER trace_threads_delete AFTER DELETE ON trace_threads WHEN old.has_traces = 1 BEGIN
  UPDATE trace_thread_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000;
  DELETE FROM trace_thread_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = old.last_updated_at / 300000 AND count <= 0;
END;
