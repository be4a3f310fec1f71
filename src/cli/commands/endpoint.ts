import { hostname } from "node:os";
import type { CommandDef } from "citty";
import type { State } from "../../admin/schema.ts";
import { runnerEnvironment } from "../../client/environment.ts";
import { findOne } from "../../client/matching.ts";
import { CommandError, EXIT } from "../failures.ts";
import { print } from "../print.ts";
import type { Terminal } from "../terminal.ts";
import { defineVerb, type Work } from "../verb.ts";
import { NpmWatch } from "./dev/npm-watch.ts";
import { SdkEnvironment } from "./exec/environment.ts";
import { runCommand } from "./exec/run-command.ts";

type Runner = State["runners"][number];

/** What a program has to know of the runner whose agents it has. */
interface AgentRunner {
  id: string;
  workspace: string;
  /** Name of its project. */
  project: string;
}

const NO_COMMAND = "Which command? Write it after two dashes: `opik-local endpoint -- python agent.py`.";
const DEFAULT_PROJECT = "Default Project";

/**
 * `opik-local endpoint`: runs a command as the agents of a runner, without its id. When there is no runner, it pairs one, as
 * `opik endpoint --headless` does, so that agents in TypeScript need no Python.
 */
export const endpointVerb: CommandDef = defineVerb({
  name: "endpoint",
  description: "Run a command as the agents of a runner",
  flags: {
    runner: { type: "string", valueHint: "name", description: "The runner, when there are several" },
    project: {
      type: "string",
      valueHint: "name",
      description: `Project of the runner; one is paired when there is none (OPIK_PROJECT_NAME, ${DEFAULT_PROJECT})`,
    },
  },
  writesJson: false,
  run: async ({ client, server, terminal, flags, words }) => {
    const [program, ...parameters] = words;
    if (program === undefined) throw new CommandError(NO_COMMAND, EXIT.usage);
    const chosen = chooseRunner(await client.state(), flags);
    const { id, workspace, project } = chosen ?? (await pairRunner(client, flags, terminal));
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
 * Chooses the runner that the flags name.
 * @returns `undefined` when none is named, and there is none in the project
 * @throws NotFoundError when there is no runner or project of that name, or several; CommandError when none is named and
 * there are several
 */
function chooseRunner(state: State, flags: Work["flags"]): AgentRunner | undefined {
  const named = flags["runner"];
  const candidates = state.runners.filter((runner) => isOfProject(runner, state, flags["project"]));
  const found =
    typeof named === "string"
      ? findOne(candidates, named, "runner", ({ name }) => name)
      : onlyOne(candidates.filter(({ type }) => type === "endpoint"));
  return found && { id: found.id, workspace: found.workspace, project: projectOf(found, state) };
}

function isOfProject(runner: Runner, state: State, project: unknown): boolean {
  return project === undefined || projectOf(runner, state) === project;
}

function projectOf({ project_id }: Runner, { projects }: State): string {
  return projects.find(({ id }) => id === project_id)?.name ?? "";
}

function onlyOne(runners: readonly Runner[]): Runner | undefined {
  if (runners.length < 2) return runners[0];
  const names = runners.map(({ name }) => name).join(", ");
  throw new CommandError(`Which runner? There are ${names}: name one with --runner.`, EXIT.usage);
}

/** Pairs a runner that is named after this machine. */
async function pairRunner(client: Work["client"], flags: Work["flags"], terminal: Terminal): Promise<AgentRunner> {
  const project = String(flags["project"] ?? (terminal.environment["OPIK_PROJECT_NAME"] || DEFAULT_PROJECT));
  const name = hostname();
  const id = await client.runners.pair({ name, project, type: "endpoint" });
  print(terminal.stderr, `The runner ${name} is paired with the project ${project}.`);
  const workspace = (await client.state()).runners.find((runner) => runner.id === id)?.workspace ?? "default";
  return { id, workspace, project };
}
