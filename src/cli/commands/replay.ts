import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { CommandError, EXIT } from "../failures.ts";
import { print } from "../print.ts";
import { readRecording } from "../recording/file.ts";
import type { Unmatched } from "../recording/matcher.ts";
import { Replayer } from "../recording/replayer.ts";
import { serveUntilStopped, servingFlags } from "../recording/serve.ts";
import type { Terminal } from "../terminal.ts";

export const UNMATCHED = "unmatched";

const args: ArgsDef = {
  file: { type: "positional", description: "Recording of opik-local record" },
  "fail-on": { type: "string", valueHint: UNMATCHED, description: "Exit code 1 when a request was not recorded" },
  ...servingFlags,
};

/** `opik-local replay`: answers requests as a recording says. */
export const replayCommand: CommandDef = defineCommand({
  meta: { name: "replay", description: "Answer requests as a recording says" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const failOn = args["fail-on"];
    if (failOn !== undefined && failOn !== UNMATCHED) {
      throw new CommandError(`--fail-on can only be ${UNMATCHED}, but is ${String(failOn)}.`, EXIT.usage);
    }
    const file = String(args["file"]);
    const exchanges = readRecording(file, terminal.folder);
    const replayer = new Replayer(exchanges, {
      onMatched: ({ method, path }, status) => print(terminal.stdout, `${status} ${method} ${path}`),
      onUnmatched: (unmatched) => print(terminal.stderr, describeUnmatched(unmatched)),
    });
    await serveUntilStopped(replayer.app, args, terminal, {
      said: (url) => `opik-local replays ${exchanges.length} exchanges of ${file} on ${url}`,
      stopping: () => replayer.stop(),
    });
    const { matched, unmatched, unused } = replayer.counts;
    const summary = `${matched} requests answered, ${unmatched} not recorded, ${unused} exchanges not used`;
    print(terminal.stdout, summary);
    if (failOn === UNMATCHED && unmatched > 0) throw new CommandError(`${unmatched} requests were not recorded.`);
  },
});

function describeUnmatched({ request: { method, path }, closest }: Unmatched): string {
  const wrong = `not recorded: ${method} ${path}`;
  if (closest === undefined) return wrong;
  return `${wrong}\n  closest: ${closest.method} ${closest.path}, but ${closest.difference}`;
}
