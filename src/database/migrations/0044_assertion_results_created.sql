-- Results of assertions are deleted when they are older than traces are kept.
CREATE INDEX assertion_results_created ON assertion_results (created_at);
