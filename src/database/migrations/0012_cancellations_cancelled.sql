-- Cancellations that were delivered are deleted by their time.

CREATE INDEX cancellations_cancelled ON cancellations (cancelled_at);
