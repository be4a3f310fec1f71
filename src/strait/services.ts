import { ApiKeyService } from "./access/api-keys/service.ts";
import { IdempotencyService } from "./access/idempotency/service.ts";
import { SettingService } from "./access/settings/service.ts";
import { SseTokenService } from "./access/sse-tokens/service.ts";
import { TokenService } from "./access/tokens/service.ts";
import type { StraitContext } from "./context.ts";
import { EndpointService } from "./definitions/endpoints/service.ts";
import { JobService } from "./definitions/jobs/service.ts";
import { JobVersions } from "./definitions/jobs/versions.ts";
import { ProjectService } from "./definitions/projects/service.ts";
import { SecretService } from "./definitions/secrets/service.ts";
import { BulkControl } from "./operations/control/bulk.ts";
import { ControlService } from "./operations/control/service.ts";
import { ExecutionService } from "./operations/execution/service.ts";
import { CheckpointService } from "./records/checkpoints/service.ts";
import { MemoryService } from "./records/memory/service.ts";
import { OutputService } from "./records/outputs/service.ts";
import { ResourceService } from "./records/resources/service.ts";
import { RunEventService } from "./records/run-events/service.ts";
import { StateService } from "./records/state/service.ts";
import { UsageReports } from "./records/usage/reports.ts";
import { UsageService } from "./records/usage/service.ts";
import { AttemptHistory } from "./run/attempts/service.ts";
import { RunList } from "./run/list.ts";
import { RunService } from "./run/service.ts";
import { SnapshotService } from "./snapshots/service.ts";
import { StreamService } from "./streams/service.ts";
import { ChainService } from "./triggers/chains/service.ts";
import { SpawnService } from "./triggers/spawns/service.ts";
import { DeferredTriggers } from "./triggers/trigger/deferred-triggers.ts";
import { TriggerService } from "./triggers/trigger/service.ts";
import { EventTriggerService } from "./waits/service.ts";
import { Waits } from "./waits/waits.ts";
import { WebhookService } from "./webhooks/service.ts";

/** The services of Strait's API, one for each resource. */
export interface StraitServices {
  projects: ProjectService;
  apiKeys: ApiKeyService;
  idempotency: IdempotencyService;
  jobs: JobService;
  secrets: SecretService;
  runs: RunService;
  attemptHistory: AttemptHistory;
  list: RunList;
  tokens: TokenService;
  /** Debounced and batched triggers; `fireDue` makes their runs. */
  deferredTriggers: DeferredTriggers;
  triggers: TriggerService;
  control: ControlService;
  bulk: BulkControl;
  runEvents: RunEventService;
  checkpoints: CheckpointService;
  outputs: OutputService;
  state: StateService;
  resources: ResourceService;
  usage: UsageService;
  usageReports: UsageReports;
  memory: MemoryService;
  execution: ExecutionService;
  webhooks: WebhookService;
  waits: Waits;
  eventTriggers: EventTriggerService;
  spawns: SpawnService;
  streams: StreamService;
  sseTokens: SseTokenService;
  endpoints: EndpointService;
  snapshots: SnapshotService;
}

/** Creates every service once, with the services that it uses. */
export function createServices(context: StraitContext): StraitServices {
  const settings = new SettingService(context);
  const projects = new ProjectService(context);
  const apiKeys = new ApiKeyService(context, { projects });
  const idempotency = new IdempotencyService(context);
  const jobVersions = new JobVersions(context);
  const runs = new RunService(context, { jobVersions });
  const attemptHistory = new AttemptHistory(context);
  const list = new RunList(context, { runs });
  const jobs = new JobService(context, { projects, runs, jobVersions });
  const secrets = new SecretService(context, { projects, jobs });
  const tokens = new TokenService(context, { settings, runs });
  const deferredTriggers = new DeferredTriggers(context, { jobs, runs });
  const triggers = new TriggerService(context, { jobs, runs, deferredTriggers });
  const runEvents = new RunEventService(context, { runs });
  const checkpoints = new CheckpointService(context, { runs });
  const outputs = new OutputService(context, { runs });
  const state = new StateService(context);
  const resources = new ResourceService(context);
  const usage = new UsageService(context, { runs });
  const control = new ControlService(context, { runs, attemptHistory, jobs, checkpoints });
  const bulk = new BulkControl(context, { control, runs, jobs, list });
  const usageReports = new UsageReports({ jobs, runs, usage });
  const memory = new MemoryService(context);
  const execution = new ExecutionService(context, { jobs, runs });
  const webhooks = new WebhookService(context);
  const chains = new ChainService(context, { jobs, runs });
  runs.onEnd((run) => {
    const job = jobs.ofRun(run);
    if (job === undefined) return;
    webhooks.announceEnd(run, job);
    chains.follow(run, job);
  });
  const waits = new Waits(context, { runs, checkpoints, webhooks });
  const eventTriggers = new EventTriggerService(context, { runs, waits });
  const spawns = new SpawnService(context, { apiKeys, jobs, runs, waits });
  const streams = new StreamService(context, { runs, runEvents, eventTriggers });
  const sseTokens = new SseTokenService(context, { settings });
  const endpoints = new EndpointService(context, { jobs });
  const snapshots = new SnapshotService(context, { projects, jobs, waits });
  return {
    ...{ projects, apiKeys, idempotency, jobs, secrets, runs, attemptHistory, list, tokens },
    ...{ deferredTriggers, triggers, control, bulk },
    ...{ runEvents, checkpoints, outputs, state, resources, usage, usageReports, memory },
    ...{ execution, webhooks, waits, eventTriggers, spawns, streams, sseTokens, endpoints, snapshots },
  };
}
