import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { assetFolder } from "../../core/assets.ts";
import { didYouMean } from "../../core/did-you-mean.ts";
import { CommandError, EXIT } from "../failures.ts";
import { print } from "../print.ts";
import type { Terminal } from "../terminal.ts";

const ENDING = /\.md$/;

/** The texts, beside the sources as beside the bundle. */
const TEXTS = assetFolder("help", () => new URL("./help/", import.meta.url));

/** The topics that `help` explains. */
export function helpTopics(): string[] {
  return TEXTS.names()
    .filter((name) => ENDING.test(name))
    .map((name) => name.replace(ENDING, ""));
}

const args: ArgsDef = {
  topic: { type: "positional", required: false, description: "What to explain; left out, all topics are listed" },
};

/** `opik-local help`: lists the topics, or explains one. */
export const helpCommand: CommandDef = defineCommand({
  meta: { name: "help", description: "Explain a topic" },
  args,
  run: ({ args, data }) => {
    const { stdout } = data as Terminal;
    const topic = args["topic"] as string | undefined;
    const topics = helpTopics();
    if (topic === undefined) {
      print(stdout, topics.map((name) => `opik-local help ${name.padEnd(12)}  ${titleOf(name)}`).join("\n"));
      return;
    }
    if (!topics.includes(topic)) {
      const meant = didYouMean(topic, topics) || ` There are: ${topics.join(", ")}.`;
      throw new CommandError(`There is no help on ${topic}.${meant}`, EXIT.usage);
    }
    print(stdout, TEXTS.text(`${topic}.md`).trimEnd());
  },
});

/** The heading of a text. */
function titleOf(topic: string): string {
  return /^# (.*)$/m.exec(TEXTS.text(`${topic}.md`))?.[1] ?? "";
}
