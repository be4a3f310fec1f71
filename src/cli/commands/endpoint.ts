import type { CommandDef } from "citty";
import type { State } from "../../admin/schema.ts";
import { runnerEnvironment } from "../../client/environment.ts";
import { findOne } from "../../client/matching.ts";
import { CommandError, EXIT } from "../failures.ts";
import { defineVerb } from "../verb.ts";
import { NpmWatch } from "./dev/npm-watch.ts";
import { SdkEnvironment } from "./exec/environment.ts";
import { runCommand } from "./exec/run-command.ts";

type Runner = State["runners"][number];

const NO_COMMAND = "Which command? Write it after two dashes: `opik-local endpoint -- python agent.py`.";
const NO_RUNNER =
  "The server has no runner of type endpoint. Pair one with `opik endpoint`, or load one with `opik-local seed`.";

/** `opik-local endpoint`: runs a command as the agents of a runner that is there: without pairing, and without its id. */
export const endpointVerb: CommandDef = defineVerb({
  name: "endpoint",
  description: "Run a command as the agents of a runner",
  flags: {
    runner: { type: "string", valueHint: "name", description: "The runner, when there are several" },
  },
  writesJson: false,
  run: async ({ client, server, terminal, flags, words }) => {
    const [program, ...parameters] = words;
    if (program === undefined) throw new CommandError(NO_COMMAND, EXIT.usage);
    const { runners, projects } = await client.state();
    const { id, workspace, project_id } = chooseRunner(runners, flags["runner"]);
    const project = projects.find((one) => one.id === project_id)?.name ?? "";
    using npm = new NpmWatch(terminal.clock);
    const npmEnded = Promise.withResolvers<void>();
    await npm.start(terminal.environment, npmEnded.resolve);
    const connection = { url: server.url, workspace, apiKey: server.apiKey };
    using environment = new SdkEnvironment(connection, project, terminal.environment);
    const variables = { ...environment.variables, ...runnerEnvironment({ id, project }) };
    // Awaited, so that the folder of the variables is there as long as the command.
    return await runCommand({ command: [program, ...parameters] }, variables, npmEnded.promise, terminal);
  },
});

/**
 * @param name of the runner, or a part of its id
 * @throws NotFoundError when there is no such runner, or several; CommandError when none is named and not exactly one is there
 */
function chooseRunner(runners: readonly Runner[], name: unknown): Runner {
  if (typeof name === "string") return findOne(runners, name, "runner", (runner) => runner.name);
  const [first, ...others] = runners.filter(({ type }) => type === "endpoint");
  if (first === undefined) throw new CommandError(NO_RUNNER);
  if (others.length === 0) return first;
  const names = [first, ...others].map((runner) => runner.name).join(", ");
  throw new CommandError(`Which runner? There are ${names}: name one with --runner.`, EXIT.usage);
}
