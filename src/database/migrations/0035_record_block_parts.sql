-- How many traces and spans of each project are in each part of about 4 seconds of a block: where a page begins in a block
-- that has very many.

CREATE TABLE trace_block_parts (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  -- how the ids begin
  block      TEXT NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO trace_block_parts SELECT workspace, project_id, substr(id, 1, 10), count(*) FROM traces GROUP BY 1, 2, 3;

CREATE TRIGGER traces_part_insert AFTER INSERT ON traces BEGIN
  INSERT INTO trace_block_parts VALUES (new.workspace, new.project_id, substr(new.id, 1, 10), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER traces_part_delete AFTER DELETE ON traces BEGIN
  UPDATE trace_block_parts SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10);
  DELETE FROM trace_block_parts
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10) AND count <= 0;
END;
CREATE TRIGGER traces_part_move AFTER UPDATE OF project_id ON traces WHEN new.project_id <> old.project_id BEGIN
  UPDATE trace_block_parts SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10);
  DELETE FROM trace_block_parts
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10) AND count <= 0;
  INSERT INTO trace_block_parts VALUES (new.workspace, new.project_id, substr(new.id, 1, 10), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;

CREATE TABLE span_block_parts (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  block      TEXT NOT NULL,
  count      INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, block)
) STRICT, WITHOUT ROWID;
INSERT INTO span_block_parts SELECT workspace, project_id, substr(id, 1, 10), count(*) FROM spans GROUP BY 1, 2, 3;

CREATE TRIGGER spans_part_insert AFTER INSERT ON spans BEGIN
  INSERT INTO span_block_parts VALUES (new.workspace, new.project_id, substr(new.id, 1, 10), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER spans_part_delete AFTER DELETE ON spans BEGIN
  UPDATE span_block_parts SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10);
  DELETE FROM span_block_parts
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10) AND count <= 0;
END;
CREATE TRIGGER spans_part_move AFTER UPDATE OF project_id ON spans WHEN new.project_id <> old.project_id BEGIN
  UPDATE span_block_parts SET count = count - 1
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10);
  DELETE FROM span_block_parts
    WHERE workspace = old.workspace AND project_id = old.project_id AND block = substr(old.id, 1, 10) AND count <= 0;
  INSERT INTO span_block_parts VALUES (new.workspace, new.project_id, substr(new.id, 1, 10), 1)
    ON CONFLICT (workspace, project_id, block) DO UPDATE SET count = count + 1;
END;
