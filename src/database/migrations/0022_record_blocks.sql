-- How many traces and spans of each project are in each block of about 17 minutes, by the time in their ids: totals, and
-- where a page begins.

CREATE TABLE trace_blocks (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  -- how the ids begin
  block      TEXT NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO trace_blocks SELECT workspace, project_id, substr(id, 1, 7), count(*) FROM traces GROUP BY 1, 2, 3;

CREATE TRIGGER traces_counted_insert AFTER INSERT ON traces BEGIN
  INSERT INTO trace_blocks VALUES (new.workspace, new.project_id, substr(new.id, 1, 7), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER traces_counted_delete AFTER DELETE ON traces BEGIN
  UPDATE trace_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7);
  DELETE FROM trace_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7) AND count <= 0;
END;
CREATE TRIGGER traces_counted_move AFTER UPDATE OF project_id ON traces WHEN new.project_id <> old.project_id BEGIN
  UPDATE trace_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7);
  DELETE FROM trace_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7) AND count <= 0;
  INSERT INTO trace_blocks VALUES (new.workspace, new.project_id, substr(new.id, 1, 7), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;

CREATE TABLE span_blocks (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  block      TEXT NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO span_blocks SELECT workspace, project_id, substr(id, 1, 7), count(*) FROM spans GROUP BY 1, 2, 3;

CREATE TRIGGER spans_counted_insert AFTER INSERT ON spans BEGIN
  INSERT INTO span_blocks VALUES (new.workspace, new.project_id, substr(new.id, 1, 7), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER spans_counted_delete AFTER DELETE ON spans BEGIN
  UPDATE span_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7);
  DELETE FROM span_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7) AND count <= 0;
END;
CREATE TRIGGER spans_counted_move AFTER UPDATE OF project_id ON spans WHEN new.project_id <> old.project_id BEGIN
  UPDATE span_blocks SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7);
  DELETE FROM span_blocks
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 7) AND count <= 0;
  INSERT INTO span_blocks VALUES (new.workspace, new.project_id, substr(new.id, 1, 7), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
