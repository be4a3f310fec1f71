import { resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { CLOCK_FLAG, clockOf } from "../clock-flag.ts";
import { CommandError, EXIT } from "../failures.ts";
import { loadSettings, settingFlags } from "../settings.ts";
import type { Terminal } from "../terminal.ts";
import type { ReadyFile } from "./dev/ready-file.ts";

const args: ArgsDef = {
  ...settingFlags(),
  fixtures: {
    type: "string",
    valueHint: "path",
    description: "Fixtures to load at the start: files, folders or example:demo (comma list)",
  },
  faults: {
    type: "string",
    valueHint: "file|preset",
    description: "Faults to inject: a file, or flaky-network, overloaded, restart-loop, half-open",
  },
  ...CLOCK_FLAG,
  "ready-file": { type: "string", valueHint: "file", description: "File to write when the server is ready" },
  "auto-pair": { type: "boolean", description: "Pair every runner at once: no link has to be opened" },
  qr: { type: "boolean", description: "With a network --host: draw its URL as a QR code" },
  json: { type: "boolean", description: "Write one JSON object per line" },
  quiet: { type: "boolean", alias: "q", description: "Only the ready line and errors" },
  verbose: {
    type: "boolean",
    description: "Also all requests, each status as it comes, and where errors happened",
  },
};

/** `opik-local dev`: runs the server. */
export const devCommand: CommandDef = defineCommand({
  meta: { name: "dev", description: "Start the server and show what happens" },
  args,
  run: async ({ args, data }) => {
    const terminal = data as Terminal;
    // Before anything that may fail or take time: a script that waits for the file must not find an old one.
    const readyFile = await openReadyFile(args["ready-file"], terminal);
    if (args["quiet"] && args["verbose"]) throw new CommandError("Choose one of --quiet and --verbose.", EXIT.usage);
    const settings = await loadSettings(args, terminal);
    const { serve } = await import("./dev/serve.ts");
    return serve(
      {
        settings,
        fixtures: args["fixtures"] as string | undefined,
        faults: args["faults"] as string | undefined,
        clock: clockOf(args["clock"]),
        readyFile,
        autoPair: args["auto-pair"] === true,
        qr: args["qr"] === true,
        json: args["json"] === true,
        quiet: args["quiet"] === true,
        verbose: args["verbose"] === true,
      },
      terminal,
    );
  },
});

async function openReadyFile(path: unknown, { folder }: Terminal): Promise<ReadyFile | undefined> {
  if (typeof path !== "string") return undefined;
  const { ReadyFile } = await import("./dev/ready-file.ts");
  return new ReadyFile(resolve(folder, path));
}
