import { RefusedError } from "../../client/call.ts";
import { printedText } from "../../core/printed-text.ts";
import { shellWord } from "../../core/shell-word.ts";
import { CommandError, EXIT } from "../failures.ts";
import { followJob } from "../follow.ts";
import { print } from "../print.ts";
import { defineVerb, type Work } from "../verb.ts";
import { describeExplanation } from "../views/explanation.ts";
import { statusPhrase } from "../views/status.ts";
import { readFields } from "../words.ts";

/** `opik-local run`: submits a job and follows it to its end. */
export const runVerb = defineVerb({
  name: "run",
  description: "Submit a job, follow its logs and print its result",
  words: { hint: "agent [key=value...]", description: "The agent and its inputs; values may be JSON: n=3 ok=true" },
  flags: {
    project: { type: "string", valueHint: "name", description: "Project, when several have the agent" },
    inputs: { type: "string", valueHint: "json", description: "The inputs as JSON; --json '{...}' does the same" },
    follow: { type: "boolean", default: true, description: "Wait for the end; --no-follow prints the id at once" },
  },
  run: async ({ client, terminal, flags, words, say, data }) => {
    const [agent, ...fields] = words;
    if (agent === undefined)
      throw new CommandError(
        "Which agent? `opik-local run echo text=hello`. `opik-local status` lists them.",
        EXIT.usage,
      );
    const inputs = readFields(fields, flags["inputs"]);
    const project = flags["project"] as string | undefined;
    const id = await client.jobs.create({ agent, project, inputs }).catch(async (error: unknown) => {
      throw isDisconnected(error) ? new CommandError(await describeDisconnected(client, agent)) : error;
    });
    if (flags["follow"] === false) {
      say(id);
      data({ id });
      return EXIT.success;
    }
    const job = await followJob(id, {
      client,
      onLog: ({ text }) => print(terminal.stderr, printedText(text)),
      onPending: async () => print(terminal.stderr, describeExplanation(await client.why(id))),
    });
    const reply = await client.jobs.reply(id);
    data(reply.text);
    if (job.status === "completed") {
      say(reply.raw("result") ?? "null");
      return EXIT.success;
    }
    print(
      terminal.stderr,
      `The job ${id} ${statusPhrase(job.status)}${job.error === undefined ? "." : `: ${job.error}`}`,
    );
    return EXIT.failure;
  },
});

/** Whether a job was refused because the runner of its agent is not connected. */
function isDisconnected(error: unknown): boolean {
  return error instanceof RefusedError && error.status === 409;
}

/** Which runner is not connected, and how its agent is started. */
async function describeDisconnected(client: Work["client"], agent: string): Promise<string> {
  const { runners } = await client.state();
  const { name } = runners.find(({ agents }) => agents.includes(agent)) ?? {};
  if (name === undefined) return `The runner of the agent ${agent} is not connected.`;
  return (
    `The runner ${name} of the agent ${agent} is not connected. ` +
    `Start its program again, or: opik-local endpoint --runner ${shellWord(name)} -- COMMAND`
  );
}
