import * as v from "valibot";
import type { State } from "../../../admin/schema.ts";
import type { OpikLocalClient } from "../../client.ts";
import { LOCAL_RUNNERS } from "../../jobs.ts";
import { findOne } from "../../matching.ts";
import type { PlainRunner } from "../../plain.ts";
import { project } from "../arguments.ts";
import { defineTool, type Tool } from "../tool.ts";

/** Tools that read Opik's runners and their agents. */
export const RUNNER_TOOLS: readonly Tool[] = [
  defineTool({
    name: "list_runners",
    title: "List runners",
    description:
      "List the runners (machines that execute agents): whether they are connected and poll, their agents, their jobs by status.",
    input: v.object({ project }),
    effect: "reads",
    run: async (client, input) => (await readRunners(client, input.project)).map(withProjectName),
  }),
  defineTool({
    name: "list_agents",
    title: "List agents",
    description: "List the agents that run_job can call, with their parameters and whether their runner is connected.",
    input: v.object({ project }),
    effect: "reads",
    run: async (client, input) => {
      const runners = await readRunners(client, input.project);
      const details = await Promise.all(
        runners.map(async (known) => ({ ...known, ...(await readRunner(client, known.runner.id)) })),
      );
      return details.flatMap(({ agents, runner, projectName }) =>
        agents.map((agent) => ({
          ...{ ...agent, project: projectName },
          ...{ runner: runner.name, runner_status: runner.status },
        })),
      );
    },
  }),
];

interface OfProject {
  runner: State["runners"][number];
  projectName: string | undefined;
}

/** The runners of a project; without a name, all. */
async function readRunners(client: OpikLocalClient, project: string | undefined): Promise<OfProject[]> {
  const { projects, runners } = await client.state();
  const id = project === undefined ? undefined : findOne(projects, project, "project", ({ name }) => name).id;
  return runners
    .filter(({ project_id }) => id === undefined || project_id === id)
    .map((runner) => ({ runner, projectName: projects.find((one) => one.id === runner.project_id)?.name }));
}

function withProjectName({ runner, projectName }: OfProject): unknown {
  return { ...runner, project: projectName };
}

async function readRunner({ call }: OpikLocalClient, id: string): Promise<PlainRunner> {
  return (await call("GET", `${LOCAL_RUNNERS}/${id}`)).json();
}
