import type { PlainCommand } from "../client/plain.ts";
import type { LocalEvents } from "../opik-local.ts";
import { COMMAND_STATUSES, type CommandStatus, type CommandType } from "../opik/runners/bridge/schema.ts";
import { checkNames } from "./checks.ts";
import { toRawJson } from "./jobs.ts";
import { plain, type Running } from "./running.ts";
import { type WaitOptions, waitForStatus } from "./waiting.ts";

/** A bridge command to submit. */
export interface NewTestCommand {
  /** Its name or id. */
  runner: string;
  type: CommandType;
  /** The arguments of this type of command; any JSON. `opik connect` executes only commands that are signed. */
  args: unknown;
  /** Seconds that it may take. Default: 30. */
  timeout_seconds?: number;
}

/** The bridge commands of Opik's runners. */
export interface TestBridge {
  /**
   * Submits a command, as `POST /{runnerId}/bridge/commands` does.
   * @returns its id
   * @throws Error with the API's answer, such as 409 for a runner without the bridge
   */
  create(command: NewTestCommand): string;

  /**
   * Executes a shell command on the machine of a runner of `opik connect`, signed with the key of its pairing, and waits
   * for its end.
   *
   * ```ts
   * const { result } = await opik.bridge.exec("laptop", "ls -l");
   * ```
   * @param runner its name or id
   * @param options `timeout_seconds`: how long it may take, by the server's clock; default 30
   * @throws Error with the API's answer, such as 409 for a runner without the bridge
   */
  exec(runner: string, command: string, options?: { timeout_seconds?: number }): Promise<PlainCommand>;

  /** Returns a command; `undefined` when there is none with that id. */
  get(id: string): PlainCommand | undefined;

  /** Returns all commands in the order in which they were created. */
  list(): PlainCommand[];

  /**
   * Waits until a command has a status, or fulfils a condition.
   * @throws WaitTimeoutError, or an Error at once when the command has ended in another status, or there is no such
   * command or status
   */
  waitFor(
    id: string,
    wanted: CommandStatus | ((command: PlainCommand) => boolean),
    options?: WaitOptions,
  ): Promise<PlainCommand>;
}

const ENDED: ReadonlySet<CommandStatus> = new Set<CommandStatus>(["completed", "failed", "timed_out"]);

/** `TestBridge` of a server in this process. */
export class LocalBridge implements TestBridge {
  readonly #running: Running;

  constructor(running: Running) {
    this.#running = running;
  }

  create(command: NewTestCommand): string {
    checkNames(Object.keys(command), ["runner", "type", "args", "timeout_seconds"], "field of a bridge command");
    const { server, owner, sees } = this.#running();
    const { runner: idOrName, type, args, timeout_seconds } = command;
    const seen = server.opik.runners.all().filter(({ workspace }) => sees(workspace));
    const runner = seen.findLast(({ id, name }) => id === idOrName || name === idOrName)?.id ?? idOrName;
    return server.opik.bridge.create(owner, runner, { type, args: toRawJson(args), timeout_seconds });
  }

  async exec(runner: string, command: string, options: { timeout_seconds?: number } = {}): Promise<PlainCommand> {
    checkNames(Object.keys(options), ["timeout_seconds"], "option of exec");
    return this.#running().client.bridge.execute({ runner, type: "Exec", args: { command }, ...options });
  }

  get(id: string): PlainCommand | undefined {
    const command = this.#running().server.opik.bridge.find(id);
    return command && plain<PlainCommand>(command);
  }

  list(): PlainCommand[] {
    const { server, sees } = this.#running();
    const { bridge, runners } = server.opik;
    return plain<PlainCommand[]>(bridge.all().filter(({ runner_id }) => sees(runners.byId(runner_id)?.workspace)));
  }

  async waitFor(
    id: string,
    wanted: CommandStatus | ((command: PlainCommand) => boolean),
    options?: WaitOptions,
  ): Promise<PlainCommand> {
    return waitForStatus<PlainCommand>({
      options,
      events: this.#running().server.events,
      method: this.waitFor,
      wanted,
      find: () => this.get(id),
      isAbout: (name, payload) => isAboutCommand(id, name, payload),
      isEnd: (status) => ENDED.has(status),
      kind: "bridge command",
      statuses: COMMAND_STATUSES,
      describe: (command) => describeCommand(id, command),
    });
  }
}

/** Whether an event changes a command. */
function isAboutCommand(id: string, name: string, payload: unknown): boolean {
  const isCommandEvent = name === "bridge:command:changed";
  return isCommandEvent && (payload as LocalEvents["bridge:command:changed"]).command.command_id === id;
}

/** How a command is, for a wait that has failed. */
export function describeCommand(id: string, command: PlainCommand | undefined): string {
  return command === undefined ? `there is no bridge command ${id}` : `the bridge command ${id} is ${command.status}`;
}
