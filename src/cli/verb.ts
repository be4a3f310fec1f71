import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { RefusedError } from "../client/call.ts";
import { OpikLocalClient } from "../client/client.ts";
import { NotFoundError } from "../client/matching.ts";
import { withFullStop } from "../core/sentence.ts";
import { CommandError } from "./failures.ts";
import { print, printData } from "./print.ts";
import { askServer, findServer, type RunningServer, serverFlags } from "./running-server.ts";
import type { Terminal } from "./terminal.ts";

/** What a command that works with a running server has at hand. */
export interface Work {
  client: OpikLocalClient;
  server: RunningServer;
  terminal: Terminal;
  /** The parsed flags. */
  flags: Readonly<Record<string, unknown>>;
  /** The arguments that are not flags. */
  words: readonly string[];
  /** Whether the output is for machines. */
  json: boolean;
  /** Prints lines for people; not with `--json`. */
  say(text: string): void;
  /** Prints JSON, with `--json` only. */
  data(value: unknown): void;
}

export interface VerbDefinition {
  name: string;
  description: string;
  flags?: ArgsDef;
  /** How the arguments that are not flags are called in the help; absent when there are none. */
  words?: { hint: string; description: string };
  /** Whether it has the flag `--json`; default true. */
  writesJson?: boolean;
  /** @returns the exit code; default 0 */
  run(work: Work): Promise<number | void>;
}

/**
 * Defines a command that works with a running server: it has the flags that name the server, `--json`, and says which
 * server it works with. What the server refuses becomes the command's error.
 */
export function defineVerb({
  name,
  description,
  flags = {},
  words,
  writesJson = true,
  run,
}: VerbDefinition): CommandDef {
  const positional: ArgsDef =
    words === undefined
      ? {}
      : { words: { type: "positional", required: false, valueHint: words.hint, description: words.description } };
  const args: ArgsDef = {
    ...positional,
    ...flags,
    ...serverFlags(),
    ...(writesJson ? { json: { type: "boolean", description: "Write JSON" } } : {}),
  };
  return defineCommand({
    meta: { name, description },
    args,
    run: async ({ args, data }) => {
      const terminal = data as Terminal;
      const server = await findServer(args, terminal);
      const json = args["json"] === true;
      if (!json) print(terminal.stderr, `# ${server.url} (${server.foundBy})`);
      const client = new OpikLocalClient((path, init, timeoutMs) =>
        askServer(server, path, terminal, timeoutMs === undefined ? init : { ...init, timeoutMs }),
      );
      try {
        return await run({
          ...{ client, server, terminal, json, flags: args, words: args._ },
          say: (text) => {
            if (!json) print(terminal.stdout, text);
          },
          data: (value) => {
            if (json) printData(terminal.stdout, typeof value === "string" ? value : JSON.stringify(value));
          },
        });
      } catch (error) {
        if (error instanceof RefusedError || error instanceof NotFoundError) throw toCommandError(error);
        throw error;
      }
    },
  });
}

/** A sentence with a full stop. */
function toCommandError({ message }: Error): CommandError {
  const sentence = message.charAt(0).toUpperCase() + message.slice(1);
  return new CommandError(withFullStop(sentence));
}
