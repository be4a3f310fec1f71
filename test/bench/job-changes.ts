import { setTimeout as pause } from "node:timers/promises";
import { RawJson } from "../../src/core/json.ts";
import type { OpikLocalParts } from "../../src/server.ts";

/** Changes of jobs that a server makes itself, so that no client takes processor time from what is measured. */
export interface JobChanges {
  /** The project of a connected runner with the agent `echo`. */
  projectId: string;
  perSecond: number;
  seconds: number;
}

const OWNER = { workspace: "default", user: "admin" } as const;
/** Changes are made in so many groups a second. */
const GROUPS = 20;
/** A job is created and then cancelled. */
const CHANGES_OF_JOB = 2;

/** Creates and cancels jobs, evenly over the given time. @returns how many changes a second it reached */
export async function changeJobs(server: OpikLocalParts, changes: JobChanges): Promise<number> {
  const { projectId, perSecond, seconds } = changes;
  const request = {
    ...{ agent_name: "echo", project_id: projectId, inputs: new RawJson('{"text":"hello"}') },
    ...{ mask_id: undefined, prompt_masks: undefined, blueprint_name: undefined, metadata: undefined },
  };
  const jobsOfGroup = Math.ceil(perSecond / CHANGES_OF_JOB / GROUPS);
  const begun = performance.now();
  for (let group = 1; group <= seconds * GROUPS; group += 1) {
    for (let index = 0; index < jobsOfGroup; index += 1) {
      server.opik.jobs.cancel(OWNER, server.opik.jobs.create(OWNER, request));
    }
    await pause(Math.max(0, begun + (group / GROUPS) * 1_000 - performance.now()));
  }
  return (jobsOfGroup * CHANGES_OF_JOB * seconds * GROUPS) / ((performance.now() - begun) / 1_000);
}
