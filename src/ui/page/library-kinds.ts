import { counted } from "./format.ts";
import type { NamedKind } from "./lists/named-list.tsx";

export const EXPERIMENTS: NamedKind = {
  title: "Experiments",
  path: "experiments",
  events: /^(?:experiment|traces|feedback-scores)/,
  count: ({ dataset_name, trace_count = 0 }) => `${counted(trace_count, "trace")} on ${dataset_name ?? "no dataset"}`,
  empty: "No experiments yet. `evaluate` of the SDK makes one.",
};

/** Resources besides traces and runners. */
export const LIBRARY: readonly NamedKind[] = [
  {
    title: "Prompts",
    path: "prompts",
    events: /^prompts:/,
    count: ({ version_count = 0 }) => counted(version_count, "version"),
    empty: "No prompts yet. `client.create_prompt` of the SDK makes one.",
  },
  {
    title: "Datasets",
    path: "datasets",
    events: /^dataset:/,
    count: ({ dataset_items_count = 0 }) => counted(dataset_items_count, "item"),
    empty: "No datasets yet. `client.get_or_create_dataset` of the SDK makes one.",
  },
  EXPERIMENTS,
  {
    title: "Optimizations",
    path: "optimizations",
    events: /^(?:optimization|experiment)/,
    count: ({ objective_name, num_trials = 0 }) => `${counted(num_trials, "trial")} for ${objective_name}`,
    empty: "No optimizations yet.",
  },
];
