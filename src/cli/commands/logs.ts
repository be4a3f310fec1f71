import type { LogEntry } from "../../client/plain.ts";
import { printedText } from "../../core/printed-text.ts";
import { EXIT } from "../failures.ts";
import { followJob } from "../follow.ts";
import { print } from "../print.ts";
import { defineVerb } from "../verb.ts";
import { needWord } from "../words.ts";

/** `opik-local logs`: prints what the agent of a job has printed. */
export const logsVerb = defineVerb({
  name: "logs",
  description: "Print the logs of a job",
  words: { hint: "job", description: "Its id, the beginning or end of it, or last" },
  flags: {
    follow: { type: "boolean", alias: "f", description: "Go on until the job has ended; exit code 1 if it failed" },
  },
  run: async ({ client, terminal, flags, words, json, say, data }) => {
    const { id } = await client.jobs.find(
      needWord(words, "Which job? `opik-local logs last`, or an id of `opik-local jobs`."),
    );
    const show = (entry: LogEntry): void => {
      if (json) data(entry);
      else if (entry.stream === "stderr") print(terminal.stderr, printedText(entry.text));
      else say(printedText(entry.text));
    };
    if (flags["follow"] !== true) {
      for (const entry of await client.jobs.logs(id)) show(entry);
      return EXIT.success;
    }
    const { status } = await followJob(id, { client, onLog: show });
    return status === "completed" ? EXIT.success : EXIT.failure;
  },
});
