-- The ids of traces that came by OpenTelemetry: later requests with spans of the same trace find it by OpenTelemetry's.
CREATE TABLE otel_traces (
  workspace  TEXT NOT NULL,
  project_id TEXT NOT NULL,
  otel_id    TEXT NOT NULL,
  trace_id   TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (workspace, project_id, otel_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX otel_traces_created ON otel_traces (created_at);
