import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { describeCounts } from "../../fixtures/summary.ts";
import { CommandError, EXIT } from "../failures.ts";
import { outputFile } from "../output-file.ts";
import { print } from "../print.ts";
import { writeRecording } from "../recording/file.ts";
import { toFixture } from "../recording/fixture.ts";
import { Recorder } from "../recording/recorder.ts";
import { serveUntilStopped, servingFlags } from "../recording/serve.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = {
  upstream: { type: "string", valueHint: "url", required: true, description: "Server to pass requests on to" },
  out: { type: "string", alias: "o", valueHint: "file", required: true, description: "File to write at the end" },
  ...servingFlags,
};

/** `opik-local record`: passes requests on to a server, and writes them with their answers as a fixture. */
export const recordCommand: CommandDef = defineCommand({
  meta: { name: "record", description: "Pass requests on to a server, and write a fixture of what went through" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    const upstream = readUpstream(String(args["upstream"]));
    const out = String(args["out"]);
    const path = outputFile(out, "--out", terminal.folder) ?? out;
    const beganAt = terminal.clock.now();
    const recorder = new Recorder({
      upstream,
      onRecorded: ({ method, path, status }) => print(terminal.stdout, `${status} ${method} ${path}`),
      onFailed: (method, path, reason) => print(terminal.stderr, `no answer to ${method} ${path}: ${reason}`),
    });
    await serveUntilStopped(recorder.app, args, terminal, {
      said: (url) => `opik-local records ${upstream.href} on ${url}; Ctrl-C writes ${out}`,
      stopping: () => {},
    });
    await recorder.settled();
    const fixture = toFixture(recorder.exchanges, beganAt);
    writeRecording(path, fixture);
    const counts = Object.entries(fixture).map(([section, entries]) => [section, entries.length] as const);
    print(terminal.stdout, `${out}: ${describeCounts(Object.fromEntries(counts)) || "nothing"} written`);
  },
});

/** @throws CommandError for what is no address of a server */
function readUpstream(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url !== undefined && /^https?:$/.test(url.protocol)) return url;
  throw new CommandError(
    `--upstream must be an address such as https://www.comet.com/opik, but is ${text}.`,
    EXIT.usage,
  );
}
