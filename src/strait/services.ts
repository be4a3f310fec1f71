import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import type { EventBus } from "../core/events.ts";
import type { IdSource } from "../core/ids.ts";
import type { OpenPolls } from "../core/open-polls.ts";
import type { Database } from "../database/database.ts";
import type { IgnoredFields } from "../http/ignored-fields.ts";
import { ApiKeyService } from "./access/api-keys/service.ts";
import { IdempotencyService } from "./access/idempotency/service.ts";
import { SettingService } from "./access/settings/service.ts";
import { SseTokenService } from "./access/sse-tokens/service.ts";
import { TokenService } from "./access/tokens/service.ts";
import { EndpointService } from "./definitions/endpoints/service.ts";
import { JobService } from "./definitions/jobs/service.ts";
import { JobVersions } from "./definitions/jobs/versions.ts";
import { ProjectService } from "./definitions/projects/service.ts";
import { SecretService } from "./definitions/secrets/service.ts";
import type { StraitEvents } from "./events.ts";
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

export interface StraitOptions {
  config: Config;
  clock: Clock;
  ids: IdSource;
  events: EventBus<StraitEvents>;
  ignoredFields: IgnoredFields;
  database: Database;
  /** Counts the open polls of the whole server. */
  openPolls: OpenPolls;
  /** Called with errors that occur outside of a request. */
  onError: (error: unknown) => void;
}

/** What the side of executor runs can do, one service per resource. */
export interface StraitServices {
  projects: ProjectService;
  apiKeys: ApiKeyService;
  idempotency: IdempotencyService;
  jobs: JobService;
  secrets: SecretService;
  runs: RunService;
  list: RunList;
  tokens: TokenService;
  /** Debounced and batched triggers; `fireDue` makes their runs. */
  held: DeferredTriggers;
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

/** Makes every service once and gives each the ones it needs. */
export function createServices(options: StraitOptions): StraitServices {
  const settings = new SettingService(options);
  const projects = new ProjectService(options);
  const apiKeys = new ApiKeyService({ ...options, projects });
  const idempotency = new IdempotencyService(options);
  const jobVersions = new JobVersions(options);
  const runs = new RunService({ ...options, jobVersions });
  const list = new RunList({ ...options, runs });
  const jobs = new JobService({ ...options, projects, runs, jobVersions });
  const secrets = new SecretService({ ...options, projects, jobs });
  const tokens = new TokenService({ ...options, settings, runs });
  const held = new DeferredTriggers({ ...options, jobs, runs });
  const triggers = new TriggerService({ ...options, jobs, runs, held });
  const runEvents = new RunEventService({ ...options, runs });
  const checkpoints = new CheckpointService({ ...options, runs });
  const outputs = new OutputService({ ...options, runs });
  const state = new StateService(options);
  const resources = new ResourceService(options);
  const usage = new UsageService({ ...options, runs });
  const control = new ControlService({ ...options, runs, jobs, checkpoints });
  const bulk = new BulkControl({ ...options, control, runs, jobs, list });
  const usageReports = new UsageReports({ jobs, runs, usage });
  const memory = new MemoryService(options);
  const execution = new ExecutionService({ ...options, jobs, runs });
  const webhooks = new WebhookService(options);
  const chains = new ChainService({ ...options, jobs, runs });
  runs.onEnd((run) => {
    const job = jobs.ofRun(run);
    if (job === undefined) return;
    webhooks.announceEnd(run, job);
    chains.follow(run, job);
  });
  const waits = new Waits({ ...options, runs, checkpoints, webhooks });
  const eventTriggers = new EventTriggerService({ ...options, runs, waits });
  const spawns = new SpawnService({ ...options, apiKeys, jobs, runs, waits });
  const streams = new StreamService({ ...options, runs, runEvents, eventTriggers });
  const sseTokens = new SseTokenService({ ...options, settings });
  const endpoints = new EndpointService({ ...options, jobs });
  const snapshots = new SnapshotService({ ...options, projects, jobs, waits });
  return {
    ...{ projects, apiKeys, idempotency, jobs, secrets, runs, list, tokens, held, triggers, control, bulk },
    ...{ runEvents, checkpoints, outputs, state, resources, usage, usageReports, memory },
    ...{ execution, webhooks, waits, eventTriggers, spawns, streams, sseTokens, endpoints, snapshots },
  };
}
