-- The values at the top of the metadata of traces and spans, for filters. They are written when a filter needs them
-- (`opik/tracing/metadata-index.ts`): in each write they would cost as much as the record itself.

CREATE TABLE trace_metadata (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  key        TEXT NOT NULL,
  -- as filters compare it: in lower case, numbers as they were sent
  value      TEXT NOT NULL,
  id         TEXT NOT NULL,
  PRIMARY KEY (workspace, project_id, key, value, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE span_metadata (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  key        TEXT NOT NULL,
  value      TEXT NOT NULL,
  id         TEXT NOT NULL,
  PRIMARY KEY (workspace, project_id, key, value, id)
) STRICT, WITHOUT ROWID;

-- The last row of `traces` and of `spans` whose values are written, as are those of all rows before it. This row exists:
-- SQLite gives a new row the number after the last one, which can be that of a row that was deleted.
CREATE TABLE metadata_progress (
  name     TEXT PRIMARY KEY,
  sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Metadata of more than 32 kB has one value instead, under an empty key: filters then read the rows themselves.
CREATE VIEW trace_metadata_values AS
SELECT traces.sequence, workspace, project_id, field.key,
  coalesce(lower(CASE json_type(metadata_json, fullkey)
    WHEN 'text' THEN metadata_json ->> fullkey WHEN 'object' THEN '' WHEN 'array' THEN ''
    ELSE metadata_json -> fullkey END), '') AS value, traces.id
FROM traces, json_each(iif(octet_length(metadata_json) > 32768, '{"":""}', metadata_json)) field
WHERE typeof(field.key) = 'text' AND field.type NOT IN ('object', 'array') AND field.key NOT GLOB '*["\]*'
  AND octet_length(field.key) <= 256 AND coalesce(octet_length(field.value), 0) <= 256;

CREATE VIEW span_metadata_values AS
SELECT spans.sequence, workspace, project_id, field.key,
  coalesce(lower(CASE json_type(metadata_json, fullkey)
    WHEN 'text' THEN metadata_json ->> fullkey WHEN 'object' THEN '' WHEN 'array' THEN ''
    ELSE metadata_json -> fullkey END), '') AS value, spans.id
FROM spans, json_each(iif(octet_length(metadata_json) > 32768, '{"":""}', metadata_json)) field
WHERE typeof(field.key) = 'text' AND field.type NOT IN ('object', 'array') AND field.key NOT GLOB '*["\]*'
  AND octet_length(field.key) <= 256 AND coalesce(octet_length(field.value), 0) <= 256;

CREATE TRIGGER traces_metadata_changes BEFORE UPDATE OF metadata_json, project_id ON traces
WHEN (new.metadata_json IS NOT old.metadata_json OR new.project_id <> old.project_id)
  AND old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'traces') BEGIN
  DELETE FROM trace_metadata WHERE (workspace, project_id, key, value, id) IN
    (SELECT workspace, project_id, key, value, id FROM trace_metadata_values WHERE sequence = old.sequence);
END;
CREATE TRIGGER traces_metadata_changed AFTER UPDATE OF metadata_json, project_id ON traces
WHEN (new.metadata_json IS NOT old.metadata_json OR new.project_id <> old.project_id)
  AND old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'traces') BEGIN
  INSERT OR IGNORE INTO trace_metadata
    SELECT workspace, project_id, key, value, id FROM trace_metadata_values WHERE sequence = new.sequence;
END;
CREATE TRIGGER traces_metadata_delete BEFORE DELETE ON traces
WHEN old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'traces') BEGIN
  DELETE FROM trace_metadata WHERE (workspace, project_id, key, value, id) IN
    (SELECT workspace, project_id, key, value, id FROM trace_metadata_values WHERE sequence = old.sequence);
  UPDATE metadata_progress SET sequence =
      (SELECT coalesce(max(traces.sequence), 0) FROM traces WHERE traces.sequence < old.sequence)
    WHERE name = 'traces' AND sequence = old.sequence;
END;

CREATE TRIGGER spans_metadata_changes BEFORE UPDATE OF metadata_json, project_id ON spans
WHEN (new.metadata_json IS NOT old.metadata_json OR new.project_id <> old.project_id)
  AND old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'spans') BEGIN
  DELETE FROM span_metadata WHERE (workspace, project_id, key, value, id) IN
    (SELECT workspace, project_id, key, value, id FROM span_metadata_values WHERE sequence = old.sequence);
END;
CREATE TRIGGER spans_metadata_changed AFTER UPDATE OF metadata_json, project_id ON spans
WHEN (new.metadata_json IS NOT old.metadata_json OR new.project_id <> old.project_id)
  AND old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'spans') BEGIN
  INSERT OR IGNORE INTO span_metadata
    SELECT workspace, project_id, key, value, id FROM span_metadata_values WHERE sequence = new.sequence;
END;
CREATE TRIGGER spans_metadata_delete BEFORE DELETE ON spans
WHEN old.sequence <= (SELECT sequence FROM metadata_progress WHERE name = 'spans') BEGIN
  DELETE FROM span_metadata WHERE (workspace, project_id, key, value, id) IN
    (SELECT workspace, project_id, key, value, id FROM span_metadata_values WHERE sequence = old.sequence);
  UPDATE metadata_progress SET sequence =
      (SELECT coalesce(max(spans.sequence), 0) FROM spans WHERE spans.sequence < old.sequence)
    WHERE name = 'spans' AND sequence = old.sequence;
END;
