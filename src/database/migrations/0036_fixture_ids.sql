-- The ids of traces and spans that fixtures name no id for: they contain a time, which may be another one on the next load.
CREATE TABLE fixture_ids (
  workspace TEXT NOT NULL,
  -- made of the project, the name and the place in the fixture
  key TEXT NOT NULL,
  id TEXT NOT NULL,
  PRIMARY KEY (workspace, key)
) STRICT, WITHOUT ROWID;
