-- How many bytes a job's log has, up to and with an entry. It is right in the last entry of each log, where the limit
-- of the log is checked.

ALTER TABLE job_logs ADD COLUMN bytes_so_far INTEGER NOT NULL DEFAULT 0;

UPDATE job_logs SET bytes_so_far = (
  SELECT sum(octet_length(entry.stream) + octet_length(entry.text)) FROM job_logs entry WHERE entry.job_id = job_logs.job_id
)
WHERE (job_id, position) IN (SELECT job_id, max(position) FROM job_logs GROUP BY job_id);
