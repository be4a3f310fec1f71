import { describe, expect, test } from "vitest";
import { configWith, resolveConfig } from "../src/config.ts";
import { ConfigurationError } from "../src/core/errors.ts";
import { SETTINGS, settingEntries } from "../src/settings.ts";

describe("settings", () => {
  test("have defaults that their own texts read back to", () => {
    for (const [name, setting] of settingEntries()) {
      if (setting.default !== undefined)
        expect(setting.parse(setting.format(setting.default)), name).toEqual(setting.default);
    }
  });

  test("have variables of their own", () => {
    const variables = settingEntries().map(([, { env }]) => env);
    expect(new Set(variables).size).toBe(variables.length);
    for (const variable of variables) expect(variable).toMatch(/^[A-Z][A-Z0-9_]+$/);
  });

  test("keep the names and defaults of the real server", () => {
    const { config } = resolveConfig({});
    expect(config).toMatchObject({
      jobTimeoutMs: 1_800_000,
      maxPendingJobsPerRunner: 100,
      heartbeatTtlMs: 15_000,
      nextJobPollTimeoutMs: 10_000,
      deadRunnerPurgeMs: 86_400_000,
      completedJobTtlMs: 604_800_000,
      reaperIntervalMs: 60_000,
      maxAgentsPerRunner: 50,
      maxLogEntriesPerBatch: 1_000,
      bridgeMaxPendingPerRunner: 50,
      bridgeMaxCommandsPerMinute: 600,
      bridgeMaxWriteCommandsPerMinute: 120,
      bridgePollTimeoutMs: 30_000,
      bridgeDefaultCommandTimeoutMs: 30_000,
      bridgeMaxCommandTimeoutMs: 120_000,
      bridgeCompletedCommandTtlMs: 3_600_000,
      bridgeMaxPayloadLength: 1_048_576,
    });
    expect(SETTINGS.heartbeatTtlMs.env).toBe("OPIK_RUNNER_HEARTBEAT_TTL");
  });
});

describe("a setting", () => {
  test("is decided by flag, else variable, else config file, else default", () => {
    const flags = { port: "1" };
    const environment = { OPIK_LOCAL_PORT: "2", OPIK_LOCAL_HOST: "127.0.0.2" };
    const file = { port: "3", host: "127.0.0.3", durability: "full" };
    const { config, sources } = resolveConfig({ flags, environment, file });
    expect(config).toMatchObject({ port: 1, host: "127.0.0.2", durability: "full", apiKey: undefined });
    expect(sources).toMatchObject({
      port: "flag",
      host: "environment",
      durability: "config file",
      apiKey: "default",
    });
  });

  test("of an empty variable is not set", () => {
    expect(resolveConfig({ environment: { OPIK_LOCAL_PORT: "" } }).sources.port).toBe("default");
  });

  test.each([
    ["OPIK_RUNNER_HEARTBEAT_TTL", "2s", { heartbeatTtlMs: 2_000 }],
    ["OPIK_RUNNER_DEAD_PURGE_HOURS", "2h", { deadRunnerPurgeMs: 7_200_000 }],
    ["OPIK_LOCAL_WORKSPACES", " default, other ,", { workspaces: ["default", "other"] }],
    ["OPIK_LOCAL_PORT", "0", { port: 0 }],
    ["OPIK_LOCAL_HOST", "::", { host: "::" }],
    ["OPIK_LOCAL_HOST", "my-laptop.local", { host: "my-laptop.local" }],
    [
      "OPIK_LOCAL_ALLOWED_ORIGINS",
      "http://localhost:3000/, https://UI.example",
      { allowedOrigins: ["http://localhost:3000", "https://ui.example"] },
    ],
    ["OPIK_LOCAL_MAX_BODY_BYTES", "1024", { maxBodyBytes: 1_024 }],
  ])("is read from %s=%s", (variable, text, values) => {
    expect(resolveConfig({ environment: { [variable]: text } }).config).toMatchObject(values);
  });

  test.each([
    ["OPIK_LOCAL_PORT", "65536", 'OPIK_LOCAL_PORT is "65536", but should be a whole number from 0 to 65535.'],
    ["OPIK_LOCAL_PORT", "80.5", "whole number"],
    ["OPIK_LOCAL_HOST", "fe80::1%eth0", "should be an IP address or a host name, such as 127.0.0.1."],
    ["OPIK_LOCAL_HOST", "-laptop", "should be an IP address or a host name"],
    ["OPIK_LOCAL_PORT", " ", "whole number"],
    ["OPIK_LOCAL_PORT", "http", "whole number"],
    ["OPIK_RUNNER_MAX_PENDING", "0", "should be a whole number of at least 1."],
    ["OPIK_RUNNER_HEARTBEAT_TTL", "15", "should be a duration of at least 1s, such as 15s or 30m."],
    ["OPIK_RUNNER_HEARTBEAT_TTL", "999ms", "at least 1s"],
    ["OPIK_RUNNER_HEARTBEAT_TTL", "99999d", "duration"],
    ["OPIK_RUNNER_DEAD_PURGE_HOURS", "24", "should be a duration of at least 1h, such as 24h or 7d."],
    ["OPIK_RUNNER_DEAD_PURGE_HOURS", "59m", "at least 1h"],
    [
      "OPIK_LOCAL_ALLOWED_ORIGINS",
      "localhost:3000",
      "should be origins without a path, such as http://localhost:3000.",
    ],
    ["OPIK_LOCAL_ALLOWED_ORIGINS", "http://localhost:3000/ui", "should be origins without a path"],
    ["OPIK_LOCAL_ALLOWED_ORIGINS", "*", "should be origins without a path"],
    ["OPIK_LOCAL_DURABILITY", "hard", "should be one of normal, full."],
  ])("%s=%s is refused with what it should be", (variable, text, message) => {
    const resolve = () => resolveConfig({ environment: { [variable]: text } });
    expect(resolve).toThrow(ConfigurationError);
    expect(resolve).toThrow(message);
  });

  test("is named by its flag or by the config file when it came from there", () => {
    expect(() => resolveConfig({ flags: { port: "x" } })).toThrow('--port is "x"');
    expect(() => resolveConfig({ file: { port: "x" } })).toThrow('the config file\'s port is "x"');
  });
});

test("an empty key of the server is refused: it would admit every client without a key", () => {
  expect(() => resolveConfig({ flags: { apiKey: "" } })).toThrow("--api-key should be at least 1 character long.");
  expect(() => resolveConfig({ file: { apiKey: "" } })).toThrow("the config file's apiKey should be at least");
  expect(resolveConfig({ environment: { OPIK_LOCAL_API_KEY: "" } }).config.apiKey).toBeUndefined();
  expect(() => configWith({ apiKey: "" })).toThrow("apiKey should be at least 1 character long.");
  expect(configWith({ apiKey: "k" }).apiKey).toBe("k");
});

test("settings of tests and of embedding replace defaults and cannot be changed afterwards", () => {
  const config = configWith({ port: 0 });
  expect(config).toEqual({ ...resolveConfig({}).config, port: 0 });
  expect(Object.isFrozen(config)).toBe(true);
});
