import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { NewCommand } from "../../client/bridge.ts";
import type { PlainCommand } from "../../client/plain.ts";
import { describeFileFailure } from "../../core/file-failure.ts";
import { lookUp } from "../../core/look-up.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb, type Work } from "../verb.ts";

type Command = Pick<NewCommand, "type" | "args">;

/** What each action needs of the words after it and of the flags. */
const ACTIONS: Readonly<Record<string, (words: readonly string[], work: Work) => Command>> = {
  exec: (words) => ({ type: "Exec", args: { command: need(words.join(" "), "exec -- ls -l") } }),
  read: ([path]) => ({ type: "ReadFile", args: { path: need(path, "read agent.py") } }),
  write: ([path, file], { terminal }) => ({
    type: "WriteFile",
    args: {
      path: need(path, "write agent.py FILE"),
      content: readContent(resolve(terminal.folder, need(file, "write agent.py FILE"))),
    },
  }),
  edit: ([path, old, replacement]) => ({
    type: "EditFile",
    args: {
      path: need(path, EDIT),
      edits: [{ old_string: need(old, EDIT), new_string: replacement ?? "" }],
    },
  }),
  list: ([path = "", pattern]) => ({
    type: "ListFiles",
    args: { path, ...(pattern === undefined ? {} : { pattern }) },
  }),
  search: ([pattern, path = ""]) => ({ type: "SearchFiles", args: { pattern: need(pattern, "search TODO"), path } }),
};

const EDIT = "edit agent.py 'old text' 'new text'";

/** `opik-local bridge`: executes a command on the machine of a runner. */
export const bridgeVerb = defineVerb({
  name: "bridge",
  description: "Execute a command on the machine of a runner of `opik connect`",
  words: {
    hint: "runner action [words...]",
    description:
      "exec -- COMMAND, read PATH, write PATH FILE, edit PATH OLD NEW, list [PATH [PATTERN]] or search PATTERN [PATH]",
  },
  flags: { timeout: { type: "string", valueHint: "seconds", description: "Seconds that it may take (30)" } },
  run: async (work) => {
    const { client, words, flags, data } = work;
    const [runner, action, ...rest] = words;
    if (runner === undefined)
      throw new CommandError("Which runner? `opik-local bridge laptop exec -- ls`.", EXIT.usage);
    const make = lookUp(ACTIONS, action ?? "");
    if (make === undefined) {
      const actions = Object.keys(ACTIONS).join(", ");
      throw new CommandError(
        `What should the runner do? ${actions}: \`opik-local bridge laptop exec -- ls\`.`,
        EXIT.usage,
      );
    }
    const command = await client.bridge.execute({
      runner,
      ...make(rest, work),
      timeout_seconds: secondsOf(flags["timeout"]),
    });
    data(command);
    return show(command, work);
  },
});

/** Prints the result. @returns the exit code: of an executed command its own */
function show({ status, result, error }: PlainCommand, { say, terminal }: Work): number {
  if (status !== "completed") {
    const { message } = (error ?? {}) as { message?: unknown };
    throw new CommandError(
      status === "timed_out"
        ? "The runner has not answered in time: is `opik connect` running?"
        : `The runner refused: ${typeof message === "string" ? message : JSON.stringify(error)}`,
    );
  }
  const { _hmac: _, stdout, stderr, content, exit_code, ...others } = result as Record<string, unknown>;
  if (typeof stderr === "string" && stderr !== "") terminal.stderr.write(stderr);
  const text = [stdout, content].find((part) => typeof part === "string");
  if (text === undefined) say(JSON.stringify(others, null, 2));
  else if (text !== "") say(String(text).replace(/\n$/, ""));
  return typeof exit_code === "number" ? exit_code : EXIT.success;
}

function need(word: string | undefined, example: string): string {
  if (word === undefined || word === "")
    throw new CommandError(`Something is missing: \`opik-local bridge RUNNER ${example}\`.`, EXIT.usage);
  return word;
}

function readContent(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new CommandError(`${path} cannot be read: ${describeFileFailure(error, path)}.`, EXIT.usage);
  }
}

function secondsOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new CommandError(`--timeout is "${String(given)}", but should be a number of seconds.`, EXIT.usage);
}
