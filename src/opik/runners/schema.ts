import * as v from "valibot";
import { freeForm, integer, list, map, notBlank, optional, exactly, string } from "../wire/values.ts";

export const RUNNER_TYPES = ["connect", "endpoint"] as const;
export type RunnerType = (typeof RUNNER_TYPES)[number];

/** `pairing` can be asked for but is never stored [opik 3.1]. */
export const RUNNER_STATUSES = ["pairing", "connected", "disconnected"] as const;
export type RunnerStatus = (typeof RUNNER_STATUSES)[number];

const param = v.object({
  name: notBlank(),
  type: notBlank(),
  presence: optional(exactly("param presence", ["required", "optional"])),
});

const agentFields = {
  description: optional(string()),
  language: optional(string()),
  executable: optional(string()),
  source_file: optional(string()),
  /** An entry that is `null` is kept [opik 1.4]. */
  params: optional(list(v.nullable(param))),
  timeout: v.pipe(
    optional(integer()),
    v.transform((seconds) => seconds ?? 0),
  ),
};

/** Body of `PUT /{runnerId}/agents`: agents by name. */
export const registerAgentsRequest = map(v.object(agentFields));
export type AgentDefinition =
  v.InferOutput<typeof registerAgentsRequest> extends Map<string, infer Definition> ? Definition : never;

const agent = v.object({ name: string(), ...agentFields });
export type Agent = { name: string } & AgentDefinition;

/** Body of `PATCH /{runnerId}/checklist`: any JSON; the service says what is wrong with it. */
export const patchChecklistRequest = freeForm();

export const localRunner = v.object({
  id: string({ format: "uuid" }),
  name: string(),
  project_id: string({ format: "uuid" }),
  status: exactly("runner status", RUNNER_STATUSES),
  connected_at: string({ format: "date-time" }),
  agents: list(agent),
  capabilities: list(string()),
  checklist: optional(freeForm()),
  type: exactly("runner type", RUNNER_TYPES),
});
export type LocalRunner = v.InferOutput<typeof localRunner>;

export const localRunnerPage = v.object({
  page: integer(),
  size: integer(),
  total: integer("int64"),
  content: list(localRunner),
});
export type LocalRunnerPage = v.InferOutput<typeof localRunnerPage>;
