import type { CaseTable } from "../servers.ts";
import { accessCases } from "./cases/access.ts";
import { bulkControlCases } from "./cases/bulk-control.ts";
import { bulkTriggerCases } from "./cases/bulk-triggers.ts";
import { chainCases } from "./cases/chains.ts";
import { controlRoutingCases } from "./cases/control-routing.ts";
import { controlCases } from "./cases/control.ts";
import { eventCases } from "./cases/events.ts";
import { executionCases } from "./cases/execution.ts";
import { executorGuardCases } from "./cases/executor-guard.ts";
import { historyCases } from "./cases/history.ts";
import { idempotencyCases } from "./cases/idempotency.ts";
import { jobChangeCases } from "./cases/job-changes.ts";
import { jobDecisionCases } from "./cases/job-decisions.ts";
import { jobCases } from "./cases/jobs.ts";
import { keyCases } from "./cases/keys.ts";
import { runReadCases } from "./cases/run-reads.ts";
import { secretCases } from "./cases/secrets.ts";
import { spawnCases } from "./cases/spawns.ts";
import { triggerCases } from "./cases/triggers.ts";
import { usageCases } from "./cases/usage.ts";
import { webhookCases } from "./cases/webhooks.ts";
import { wholeJobCases } from "./cases/whole-jobs.ts";
import { wholeRunCases } from "./cases/whole-runs.ts";

/** The cases of the control plane, by what they are about. */
export const CONTROL_CASES: CaseTable = {
  "paths, headers and bodies": controlRoutingCases,
  "projects and keys": accessCases,
  "making jobs": jobCases,
  "changing jobs": jobChangeCases,
  "secrets of jobs": secretCases,
  "triggering runs": triggerCases,
  "triggering many runs": bulkTriggerCases,
  "what a job decides about its runs": jobDecisionCases,
  "idempotency keys": idempotencyCases,
  "owning runs": controlCases,
  "owning many runs": bulkControlCases,
  "owned runs, read": runReadCases,
  "whole jobs": wholeJobCases,
  "whole runs": wholeRunCases,
  webhooks: webhookCases,
};

/** The cases of executors, by what they are about. */
export const EXECUTOR_CASES: CaseTable = {
  "the guard of executors": executorGuardCases,
  "executing a run": executionCases,
  "the history of a run": historyCases,
  "state and memory": keyCases,
  usage: usageCases,
  events: eventCases,
  spawning: spawnCases,
  "chains of jobs": chainCases,
};
