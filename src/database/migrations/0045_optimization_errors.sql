-- Why an optimization failed, as JSON; nothing when it did not, or when its client gave no reason.
ALTER TABLE optimizations ADD COLUMN error_info_json TEXT;
