import { duration, host, integer, list, oneOf, origins, secret, type Setting, text, toggle } from "./core/setting.ts";

/**
 * Every setting. Ours begin with `OPIK_LOCAL_`; all others have the names and defaults of the real servers,
 * Opik's (`OPIK_RUNNER_`) or the executor runs API's. Durations are kept in milliseconds.
 */
export const SETTINGS = {
  host: host("127.0.0.1", {
    env: "OPIK_LOCAL_HOST",
    flag: "host",
    hint: "address",
    description: "Address to listen on; loopback unless you say otherwise",
  }),
  port: integer(5173, {
    env: "OPIK_LOCAL_PORT",
    flag: "port",
    hint: "number",
    min: 0,
    max: 65_535,
    description: "Port to listen on; 0 takes any free one",
  }),
  database: text(".opik-local/opik-local.db", {
    env: "OPIK_LOCAL_DB",
    flag: "db",
    hint: "file",
    description: "Database file, or :memory: to keep nothing",
  }),
  webApp: text(undefined, {
    env: "OPIK_LOCAL_WEB_APP",
    flag: "web-app",
    hint: "folder",
    description: "Folder of a built web application, such as Opik's own, to serve at /; the page stays at /__local/ui",
  }),
  durability: oneOf("normal", ["normal", "full"], {
    env: "OPIK_LOCAL_DURABILITY",
    flag: "durability",
    description: "normal survives a crash of the process, full also a power cut",
  }),
  workspaces: list(["default"], {
    env: "OPIK_LOCAL_WORKSPACES",
    flag: "workspaces",
    hint: "names",
    description: "Workspaces that exist (comma list), or any: each exists as soon as it is named",
  }),
  // Of an empty one, requests without any key would have the right one.
  apiKey: secret(1, {
    env: "OPIK_LOCAL_API_KEY",
    flag: "api-key",
    hint: "key",
    description: "Only accept requests with this key, on all APIs; without it any key is accepted, also none",
  }),
  allowedHosts: list([], {
    env: "OPIK_LOCAL_ALLOWED_HOSTS",
    flag: "allowed-hosts",
    hint: "names",
    description: "Host names, besides loopback and IP addresses, under which the server may be called (comma list)",
  }),
  allowedOrigins: origins({
    env: "OPIK_LOCAL_ALLOWED_ORIGINS",
    flag: "allowed-origins",
    hint: "urls",
    description:
      "Origins of web pages that may call the server, besides its own, such as http://localhost:3000 (comma list)",
  }),
  idSeed: text(undefined, { env: "OPIK_LOCAL_ID_SEED", description: "Makes ids the same on every run (for tests)" }),
  maxBodyBytes: integer(64 * 1024 * 1024, {
    env: "OPIK_LOCAL_MAX_BODY_BYTES",
    min: 1024,
    description: "Largest request body, in bytes, also after decompression",
  }),
  traceTtlMs: duration("30d", { env: "OPIK_LOCAL_TRACE_TTL", description: "Time that traces and spans are kept" }),
  maxLogBytesPerJob: integer(64 * 1024 * 1024, {
    env: "OPIK_LOCAL_MAX_LOG_BYTES_PER_JOB",
    description: "Maximum bytes of a job's log; further entries are dropped",
  }),
  maxLogEntriesPerJob: integer(250_000, {
    env: "OPIK_LOCAL_MAX_LOG_ENTRIES_PER_JOB",
    description: "Maximum number of entries of a job's log; further ones are dropped",
  }),
  journalSize: integer(1_000, {
    env: "OPIK_LOCAL_JOURNAL_SIZE",
    min: 0,
    max: 1_000_000,
    description: "Maximum number of requests that the journal (`/__local/requests`) keeps; 0 switches it off",
  }),
  maxOpenPolls: integer(10_000, {
    env: "OPIK_LOCAL_MAX_OPEN_POLLS",
    description: "Maximum number of long polls open at once",
  }),

  jobTimeoutMs: duration("30m", {
    env: "OPIK_RUNNER_JOB_TIMEOUT",
    description: "Time a job may run when its agent sets none",
  }),
  maxPendingJobsPerRunner: integer(100, {
    env: "OPIK_RUNNER_MAX_PENDING",
    description: "Maximum number of jobs that wait for one runner",
  }),
  heartbeatTtlMs: duration("15s", {
    env: "OPIK_RUNNER_HEARTBEAT_TTL",
    description: "Time after its last heartbeat that a runner counts as connected",
  }),
  nextJobPollTimeoutMs: duration("10s", {
    env: "OPIK_RUNNER_NEXT_JOB_POLL_TIMEOUT",
    description: "Longest wait of a poll for the next job",
  }),
  deadRunnerPurgeMs: duration("24h", {
    env: "OPIK_RUNNER_DEAD_PURGE_HOURS",
    atLeast: "1h",
    description: "Time after which a dead runner is removed",
  }),
  completedJobTtlMs: duration("7d", {
    env: "OPIK_RUNNER_COMPLETED_JOB_TTL",
    description: "Time that finished jobs are kept",
  }),
  reaperIntervalMs: duration("60s", {
    env: "OPIK_RUNNER_REAPER_JOB_INTERVAL",
    description: "How often stuck jobs and dead runners are looked for",
  }),
  maxAgentsPerRunner: integer(50, {
    env: "OPIK_RUNNER_MAX_AGENTS_PER_RUNNER",
    description: "Maximum number of agents of one runner",
  }),
  maxLogEntriesPerBatch: integer(1000, {
    env: "OPIK_RUNNER_MAX_LOG_ENTRIES_PER_BATCH",
    description: "Maximum number of log entries in one request",
  }),
  bridgeMaxPendingPerRunner: integer(50, {
    env: "OPIK_RUNNER_BRIDGE_MAX_PENDING",
    description: "Maximum number of bridge commands that wait for one runner",
  }),
  bridgeMaxCommandsPerMinute: integer(600, {
    env: "OPIK_RUNNER_BRIDGE_MAX_COMMANDS_PER_MIN",
    description: "Maximum number of bridge commands for one runner in a minute",
  }),
  bridgeMaxWriteCommandsPerMinute: integer(120, {
    env: "OPIK_RUNNER_BRIDGE_MAX_WRITE_COMMANDS_PER_MIN",
    description: "Maximum number of writing bridge commands (WriteFile, EditFile, Exec) for one runner in a minute",
  }),
  bridgePollTimeoutMs: duration("30s", {
    env: "OPIK_RUNNER_BRIDGE_POLL_TIMEOUT",
    description: "Longest wait of a poll for bridge commands",
  }),
  bridgeDefaultCommandTimeoutMs: duration("30s", {
    env: "OPIK_RUNNER_BRIDGE_DEFAULT_CMD_TIMEOUT",
    description: "Time a bridge command may take when it sets none",
  }),
  bridgeMaxCommandTimeoutMs: duration("120s", {
    env: "OPIK_RUNNER_BRIDGE_MAX_CMD_TIMEOUT",
    description: "Longest time a bridge command may ask for",
  }),
  bridgeCompletedCommandTtlMs: duration("1h", {
    env: "OPIK_RUNNER_BRIDGE_COMPLETED_CMD_TTL",
    description: "Time that finished bridge commands are kept",
  }),
  bridgeMaxPayloadLength: integer(1_048_576, {
    env: "OPIK_RUNNER_BRIDGE_MAX_PAYLOAD_BYTES",
    description: "Longest args, result or error of a bridge command, and longest checklist, in characters",
  }),

  requireApiKey: toggle(false, {
    env: "OPIK_LOCAL_REQUIRE_API_KEY",
    description: "Ask for a key on the control plane of executor runs, also when no key of the server's own is set",
  }),
  internalSecret: secret(16, {
    env: "INTERNAL_SECRET",
    description: "Full access to the control plane of executor runs (header X-Internal-Secret)",
  }),
  jwtSigningKey: secret(32, {
    env: "JWT_SIGNING_KEY",
    description: "Signs run tokens; without it a key is made once and kept in the database",
  }),
  runMaxBodyBytes: integer(1_048_576, {
    env: "MAX_REQUEST_BODY_SIZE",
    description: "Largest request body of the executor runs API, in bytes",
  }),
  runMaxResultBytes: integer(1_048_576, {
    env: "MAX_RESULT_SIZE",
    min: 0,
    description: "Largest result of an executor run, in bytes; 0 for no limit",
  }),
  runDefaultTtlSeconds: integer(0, {
    env: "DEFAULT_RUN_TTL_SECS",
    min: 0,
    description: "Seconds an executor run may wait to start; 0 takes its job's time-out and a minute",
  }),
  runHeartbeatIntervalMs: duration("10s", {
    env: "HEARTBEAT_INTERVAL",
    description: "How often the server itself heartbeats executor runs it has pushed",
  }),
  runReaperIntervalMs: duration("30s", {
    env: "REAPER_INTERVAL",
    description: "How often stale, expired and timed-out executor runs are looked for",
  }),
  runStaleThresholdMs: duration("1m", {
    env: "STALE_THRESHOLD",
    description: "Time without a heartbeat after which an executor run counts as lost",
  }),
  runTtlMs: duration("30d", {
    env: "OPIK_LOCAL_RUN_TTL",
    description: "Time that executor runs which have ended, and all that belongs to them, are kept",
  }),
  maxEventWaitsPerProject: integer(10_000, {
    env: "OPIK_LOCAL_MAX_EVENT_WAITS_PER_PROJECT",
    description: "Maximum number of waits of executor runs for events at once in a project",
  }),
  maxQueuedRunsPerProject: integer(100_000, {
    env: "OPIK_LOCAL_MAX_QUEUED_RUNS_PER_PROJECT",
    description: "Maximum number of executor runs of a project that wait to be executed, also those delayed",
  }),
  maxEventsPerRun: integer(100_000, {
    env: "OPIK_LOCAL_MAX_EVENTS_PER_RUN",
    description: "Maximum number of events (log lines, progress, samples) in the history of an executor run",
  }),
  maxStateKeysPerRun: integer(10_000, {
    env: "OPIK_LOCAL_MAX_STATE_KEYS_PER_RUN",
    description: "Maximum number of keys in the state of an executor run",
  }),
  maxRecordsPerRun: integer(10_000, {
    env: "OPIK_LOCAL_MAX_RECORDS_PER_RUN",
    description:
      "Maximum number of checkpoints of an executor run, and as many outputs, resource snapshots, usage reports, tool calls and iterations",
  }),
  maxEventStreams: integer(5_000, {
    env: "OPIK_LOCAL_MAX_EVENT_STREAMS",
    description: "Maximum number of server-sent event streams of executor runs open at once",
  }),
  maxEventStreamsPerProject: integer(100, {
    env: "OPIK_LOCAL_MAX_EVENT_STREAMS_PER_PROJECT",
    description: "Maximum number of server-sent event streams of executor runs open at once in a project",
  }),
  webhookMaxAttempts: integer(3, {
    env: "WEBHOOK_MAX_ATTEMPTS",
    description: "Maximum number of calls of a job's webhook for one executor run",
  }),
  webhookMaxPayloadBytes: integer(1_048_576, {
    env: "WEBHOOK_MAX_PAYLOAD_BYTES",
    description: "Maximum size of a webhook in bytes; a larger one is not sent",
  }),
  maxOpenWebhooks: integer(50, {
    env: "WEBHOOK_CONCURRENCY",
    description: "Maximum number of webhooks called at once",
  }),
  maxOpenPushes: integer(256, {
    env: "OPIK_LOCAL_MAX_OPEN_PUSHES",
    min: 1,
    description: "Maximum number of executor runs pushed to their endpoints at once",
  }),
  executorHttpTimeoutMs: duration("5m", {
    env: "EXECUTOR_HTTP_TIMEOUT",
    description: "Longest time one push to an executor may take",
  }),
} as const;

export type SettingName = keyof typeof SETTINGS;

/** Name and definition of every setting, in the order of `SETTINGS`. */
export function settingEntries(): Array<[SettingName, Setting<unknown>]> {
  return Object.entries(SETTINGS) as Array<[SettingName, Setting<unknown>]>;
}
