import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { didYouMean } from "../../core/did-you-mean.ts";
import { CommandError, EXIT } from "../failures.ts";
import { HELP_WIDTH, helpText, helpTitle, helpTopics } from "../help-topics.ts";
import { print } from "../print.ts";
import { alignedLines } from "../table.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = {
  topic: { type: "positional", required: false, description: "What to explain; left out, all topics are listed" },
};

/** `opik-local help`: lists the topics, or explains one. */
export const helpCommand: CommandDef = defineCommand({
  meta: { name: "help", description: "Explain a topic" },
  args,
  run: async ({ args, data }) => {
    const { stdout } = data as Terminal;
    const topic = args["topic"] as string | undefined;
    const topics = helpTopics();
    if (topic === undefined) {
      const rows = topics.map((name) => [`opik-local help ${name}`, helpTitle(name)]);
      print(stdout, [...alignedLines(rows), "", "The flags of a command: opik-local COMMAND --help"].join("\n"));
      return;
    }
    if (!topics.includes(topic)) {
      const meant = didYouMean(topic, topics) || ` There are: ${topics.join(", ")}.`;
      throw new CommandError(`There is no help on ${topic}.${meant}`, EXIT.usage);
    }
    const { markdownLines } = await import("../markdown/lines.ts");
    print(stdout, markdownLines(helpText(topic), HELP_WIDTH).join("\n"));
  },
});
