-- How many jobs of each workspace, and how many runs, ended in each minute: what a summary of the last hour reads. Of the
-- rows of an older file, those of its last hour are counted.

CREATE TABLE job_minutes (
  workspace TEXT NOT NULL,
  minute    INTEGER NOT NULL,
  status    TEXT NOT NULL,
  count     INTEGER NOT NULL,
  PRIMARY KEY (workspace, minute, status)
) STRICT, WITHOUT ROWID;
INSERT INTO job_minutes SELECT workspace, completed_at / 60000, status, count(*) FROM jobs
  WHERE completed_at >= (SELECT max(completed_at) / 60000 - 60 FROM jobs WHERE completed_at IS NOT NULL) * 60000
  GROUP BY 1, 2, 3;

CREATE TRIGGER jobs_minute_insert AFTER INSERT ON jobs WHEN new.completed_at IS NOT NULL BEGIN
  INSERT INTO job_minutes VALUES (new.workspace, new.completed_at / 60000, new.status, 1)
    ON CONFLICT (workspace, minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_minute_end AFTER UPDATE OF completed_at ON jobs
WHEN new.completed_at IS NOT NULL AND old.completed_at IS NULL BEGIN
  INSERT INTO job_minutes VALUES (new.workspace, new.completed_at / 60000, new.status, 1)
    ON CONFLICT (workspace, minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_minute_change AFTER UPDATE OF completed_at, status ON jobs
WHEN old.completed_at IS NOT NULL AND (new.completed_at IS NOT old.completed_at OR new.status <> old.status) BEGIN
  UPDATE job_minutes SET count = count - 1
    WHERE workspace = old.workspace AND minute = old.completed_at / 60000 AND status = old.status;
  DELETE FROM job_minutes
    WHERE workspace = old.workspace AND minute = old.completed_at / 60000 AND status = old.status AND count <= 0;
  INSERT INTO job_minutes SELECT new.workspace, new.completed_at / 60000, new.status, 1 WHERE new.completed_at IS NOT NULL
    ON CONFLICT (workspace, minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER jobs_minute_delete AFTER DELETE ON jobs WHEN old.completed_at IS NOT NULL BEGIN
  UPDATE job_minutes SET count = count - 1
    WHERE workspace = old.workspace AND minute = old.completed_at / 60000 AND status = old.status;
  DELETE FROM job_minutes
    WHERE workspace = old.workspace AND minute = old.completed_at / 60000 AND status = old.status AND count <= 0;
END;

CREATE TABLE executor_run_minutes (
  minute    INTEGER NOT NULL,
  status    TEXT NOT NULL,
  count     INTEGER NOT NULL,
  PRIMARY KEY (minute, status)
) STRICT, WITHOUT ROWID;
INSERT INTO executor_run_minutes SELECT finished_at / 60000, status, count(*) FROM executor_runs
  WHERE finished_at >= (SELECT max(finished_at) / 60000 - 60 FROM executor_runs WHERE finished_at IS NOT NULL) * 60000
  GROUP BY 1, 2;

CREATE TRIGGER executor_runs_minute_insert AFTER INSERT ON executor_runs WHEN new.finished_at IS NOT NULL BEGIN
  INSERT INTO executor_run_minutes VALUES (new.finished_at / 60000, new.status, 1)
    ON CONFLICT (minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER executor_runs_minute_end AFTER UPDATE OF finished_at ON executor_runs
WHEN new.finished_at IS NOT NULL AND old.finished_at IS NULL BEGIN
  INSERT INTO executor_run_minutes VALUES (new.finished_at / 60000, new.status, 1)
    ON CONFLICT (minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER executor_runs_minute_change AFTER UPDATE OF finished_at, status ON executor_runs
WHEN old.finished_at IS NOT NULL AND (new.finished_at IS NOT old.finished_at OR new.status <> old.status) BEGIN
  UPDATE executor_run_minutes SET count = count - 1
    WHERE minute = old.finished_at / 60000 AND status = old.status;
  DELETE FROM executor_run_minutes
    WHERE minute = old.finished_at / 60000 AND status = old.status AND count <= 0;
  INSERT INTO executor_run_minutes SELECT new.finished_at / 60000, new.status, 1 WHERE new.finished_at IS NOT NULL
    ON CONFLICT (minute, status) DO UPDATE SET count = count + 1;
END;
CREATE TRIGGER executor_runs_minute_delete AFTER DELETE ON executor_runs WHEN old.finished_at IS NOT NULL BEGIN
  UPDATE executor_run_minutes SET count = count - 1
    WHERE minute = old.finished_at / 60000 AND status = old.status;
  DELETE FROM executor_run_minutes
    WHERE minute = old.finished_at / 60000 AND status = old.status AND count <= 0;
END;
