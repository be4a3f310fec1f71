import { counted } from "./format.ts";
import type { NamedKind } from "./lists/named-list.tsx";

export const EXPERIMENTS: NamedKind = {
  title: "Experiments",
  path: "experiments",
  events: /^(?:experiment|traces|feedback-scores)/,
  count: ({ dataset_name, trace_count = 0 }) => `${counted(trace_count, "trace")} on ${dataset_name ?? "no dataset"}`,
  madeBy: "evaluate",
};

/** Resources besides traces and runners. */
export const LIBRARY: readonly NamedKind[] = [
  {
    title: "Prompts",
    path: "prompts",
    events: /^prompts:/,
    count: ({ version_count = 0 }) => counted(version_count, "version"),
    madeBy: "client.create_prompt",
  },
  {
    title: "Datasets",
    path: "datasets",
    events: /^dataset:/,
    count: ({ dataset_items_count = 0 }) => counted(dataset_items_count, "item"),
    madeBy: "client.get_or_create_dataset",
  },
  EXPERIMENTS,
  {
    title: "Optimizations",
    path: "optimizations",
    events: /^(?:optimization|experiment)/,
    count: ({ objective_name, num_trials = 0 }) => `${counted(num_trials, "trial")} for ${objective_name}`,
    madeBy: "optimizer.optimize_prompt",
  },
];
