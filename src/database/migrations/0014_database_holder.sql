-- The server that has the file open, while one does; at most one row. A reset keeps it, as all settings.

CREATE TABLE database_settings (
  holder_pid INTEGER NOT NULL,
  held_since TEXT NOT NULL
) STRICT;
