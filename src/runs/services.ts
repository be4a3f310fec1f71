import type { Config } from "../config.ts";
import type { Clock } from "../core/clock.ts";
import type { EventBus } from "../core/events.ts";
import type { IdSource } from "../core/ids.ts";
import type { OpenPolls } from "../core/open-polls.ts";
import type { Database } from "../database/database.ts";
import type { IgnoredFields } from "../http/ignored-fields.ts";
import { ApiKeyService } from "./api-keys/service.ts";
import { ChainService } from "./chains/service.ts";
import { CheckpointService } from "./checkpoints/service.ts";
import { BulkControl } from "./control/bulk.ts";
import { ControlService } from "./control/service.ts";
import { EndpointService } from "./endpoints/service.ts";
import { EventTriggerService } from "./event-triggers/service.ts";
import { Waits } from "./event-triggers/waits.ts";
import type { RunsEvents } from "./events.ts";
import { ExecutionService } from "./execution/service.ts";
import { IdempotencyService } from "./idempotency/service.ts";
import { JobService } from "./jobs/service.ts";
import { JobVersions } from "./jobs/versions.ts";
import { MemoryService } from "./memory/service.ts";
import { OutputService } from "./outputs/service.ts";
import { ProjectService } from "./projects/service.ts";
import { ResourceService } from "./resources/service.ts";
import { RunEventService } from "./run-events/service.ts";
import { RunList } from "./runs/list.ts";
import { RunService } from "./runs/service.ts";
import { SecretService } from "./secrets/service.ts";
import { SettingService } from "./settings/service.ts";
import { SnapshotService } from "./snapshots/service.ts";
import { SpawnService } from "./spawns/service.ts";
import { SseTokenService } from "./sse-tokens/service.ts";
import { StateService } from "./state/service.ts";
import { StreamService } from "./streams/service.ts";
import { TokenService } from "./tokens/service.ts";
import { HeldTriggers } from "./trigger/held.ts";
import { TriggerService } from "./trigger/service.ts";
import { UsageReports } from "./usage/reports.ts";
import { UsageService } from "./usage/service.ts";
import { WebhookService } from "./webhooks/service.ts";

export interface RunsOptions {
  config: Config;
  clock: Clock;
  ids: IdSource;
  events: EventBus<RunsEvents>;
  ignoredFields: IgnoredFields;
  database: Database;
  /** Counts the polls held by all of the server. */
  openPolls: OpenPolls;
  /** Takes errors that no client can be told of. */
  onError: (error: unknown) => void;
}

/** What the side of executor runs can do, one service per resource. */
export interface RunsServices {
  projects: ProjectService;
  apiKeys: ApiKeyService;
  idempotency: IdempotencyService;
  jobs: JobService;
  secrets: SecretService;
  runs: RunService;
  list: RunList;
  tokens: TokenService;
  /** Debounced and batched triggers; `fireDue` makes their runs. */
  held: HeldTriggers;
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
export function createServices(options: RunsOptions): RunsServices {
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
  const held = new HeldTriggers({ ...options, jobs, runs });
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
