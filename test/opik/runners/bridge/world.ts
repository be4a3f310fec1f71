import type { Config } from "../../../../src/config.ts";
import { uuidFromName } from "../../../../src/core/ids.ts";
import { RawJson } from "../../../../src/core/json.ts";
import type { OpenPolls } from "../../../../src/core/open-polls.ts";
import type { VirtualClock } from "../../../../src/core/virtual-clock.ts";
import type { Database } from "../../../../src/database/database.ts";
import type { Owner } from "../../../../src/opik/access/owner.ts";
import type { CommandStatus, CommandType, ReportCommandRequest } from "../../../../src/opik/runners/bridge/schema.ts";
import { BridgeService } from "../../../../src/opik/runners/bridge/service.ts";
import type { RunnerType } from "../../../../src/opik/runners/schema.ts";
import { RunnerService } from "../../../../src/opik/runners/service.ts";
import { OpikError } from "../../../../src/opik/wire/errors.ts";
import { createTestContext } from "../../../support/context.ts";

export const OWNER: Owner = { workspace: "default", user: "admin" };
export const RUNNER = uuidFromName("runner");

/** A bridge on a database in memory with one runner, and everything that happened to its commands. */
export interface BridgeWorld {
  clock: VirtualClock;
  database: Database;
  runners: RunnerService;
  bridge: BridgeService;
  openPolls: OpenPolls;
  /** `from -> to` of every change, with the command's id. */
  changes: Array<{ id: string; from: CommandStatus | undefined; to: CommandStatus }>;
  /** Submits a command for the runner. Returns its id. */
  submit(command?: { type?: CommandType; args?: string; timeout?: number }): string;
  /** Polls as the runner, without disconnecting. Returns the ids of the commands. */
  poll(maxCommands?: number): Promise<string[] | undefined>;
  status(id: string): CommandStatus;
  report(id: string, report?: Partial<ReportCommandRequest>): void;
  /** A second service on the same database, as after a kill. */
  restart(): BridgeService;
}

/** @param runnerType default `connect` */
export function createBridgeWorld(config: Partial<Config> = {}, runnerType: RunnerType = "connect"): BridgeWorld {
  const context = createTestContext(config);
  const { clock, events, database, openPolls } = context;
  const runners = new RunnerService(context);
  const bridge = new BridgeService(context, { runners });
  runners.activate(OWNER, {
    id: RUNNER,
    projectId: uuidFromName("project"),
    type: runnerType,
    name: "laptop",
    keepAlive: true,
  });
  runners.setCapabilities(runners.require(OWNER, RUNNER), ["bridge"]);
  let running = bridge;
  events.react({
    "runner:removed": [({ id }) => running.dismiss(id)],
    "bridge:command:changed": [({ command }) => running.follow(command)],
  });
  const changes: BridgeWorld["changes"] = [];
  events.on("bridge:command:changed", ({ command, from }) =>
    changes.push({ id: command.command_id, from, to: command.status }),
  );
  return {
    clock,
    database,
    runners,
    bridge,
    openPolls,
    changes,
    submit: ({ type = "ReadFile", args = "{}", timeout } = {}) =>
      bridge.create(OWNER, RUNNER, { type, args: new RawJson(args), timeout_seconds: timeout }),
    poll: async (maxCommands) => {
      const commands = await bridge.next(OWNER, RUNNER, maxCommands, new AbortController().signal);
      return commands?.map((command) => command.command_id);
    },
    status: (id) => bridge.get(OWNER, RUNNER, id).status,
    report: (id, report) =>
      bridge.report(OWNER, RUNNER, id, {
        status: "completed",
        result: new RawJson("{}"),
        error: undefined,
        duration_ms: undefined,
        ...report,
      }),
    restart: () => {
      bridge.stop();
      running = new BridgeService(context, { runners });
      running.start();
      return running;
    },
  };
}

/** The status and the text with which the error that `call` throws would be answered. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    if (error instanceof OpikError) return `${error.status} ${error.message}`;
    throw error;
  }
  return "not refused";
}
