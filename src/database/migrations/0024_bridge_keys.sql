-- The keys with which bridge commands of a paired runner are signed. Both sides derive it from the key of their pairing.
CREATE TABLE bridge_keys (
  runner_id TEXT PRIMARY KEY REFERENCES runners (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED,
  workspace TEXT NOT NULL,
  key       BLOB NOT NULL
) STRICT;

CREATE INDEX pairing_sessions_by_runner ON pairing_sessions (runner_id);
