-- Why the server itself has failed a job: 'runner-gone' or 'timed-out'. Null for all others, and for jobs from before.
ALTER TABLE jobs ADD COLUMN failure TEXT;
