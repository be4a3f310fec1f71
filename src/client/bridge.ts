import type { State } from "../admin/schema.ts";
import type { CommandType } from "../opik/runners/bridge/schema.ts";
import type { Call } from "./call.ts";
import { findOne } from "./matching.ts";
import type { PlainCommand } from "./plain.ts";

/** A bridge command to submit. */
export interface NewCommand {
  /** Name of the runner, or a part of its id. */
  runner: string;
  type: CommandType;
  args: Readonly<Record<string, unknown>>;
  timeout_seconds?: number | undefined;
}

/** Longer than the longest time that a command may take, in seconds. */
const MAX_WAIT_SECONDS = 120;
/** Answers when the command has ended. */
const ANSWER_TIMEOUT_MS = (MAX_WAIT_SECONDS + 10) * 1_000;

/** The bridge commands of Opik's runners. */
export class ClientBridge {
  readonly #call: Call;
  readonly #state: () => Promise<State>;

  constructor(call: Call, state: () => Promise<State>) {
    this.#call = call;
    this.#state = state;
  }

  /**
   * Submits a command, signed with the key of the runner's pairing, and waits for its end.
   * @throws NotFoundError for an unknown runner
   */
  async execute({ runner, ...command }: NewCommand): Promise<PlainCommand> {
    const { runners } = await this.#state();
    // A removed runner may have had the same name.
    const { id, workspace } = findOne(runners, runner, "runner", ({ name }) => name);
    const headers = { "comet-workspace": workspace };
    const { command_id } = (
      await this.#call("POST", "/__local/bridge", { headers, body: { runner: id, ...command } })
    ).json<{ command_id: string }>();
    const path = `/api/v1/private/local-runners/${id}/bridge/commands/${command_id}`;
    const query = { wait: "true", timeout: MAX_WAIT_SECONDS };
    return (await this.#call("GET", path, { headers, query, timeoutMs: ANSWER_TIMEOUT_MS })).json();
  }
}
