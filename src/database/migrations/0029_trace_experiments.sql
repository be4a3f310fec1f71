-- What searches of traces know of experiments.
CREATE VIEW trace_experiments AS SELECT workspace, trace_id, experiment_id, id FROM experiment_items;
