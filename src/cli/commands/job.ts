import { printedText } from "../../core/printed-text.ts";
import { defineVerb } from "../verb.ts";
import { needWord } from "../words.ts";

/** `opik-local job`: shows a job. */
export const jobVerb = defineVerb({
  name: "job",
  description: "Show a job",
  words: { hint: "job", description: "Its id, the beginning or end of it, or last" },
  run: async ({ client, words, say, data }) => {
    const { id } = await client.jobs.find(
      needWord(words, "Which job? `opik-local job last`, or an id of `opik-local jobs`."),
    );
    const [reply, logs] = [await client.jobs.reply(id), await client.jobs.logs(id)];
    data(reply.text);
    const job = reply.json<Record<string, unknown>>();
    const lines = Object.keys(job).map((name) => `${name.padEnd(14)} ${textOf(job[name], reply.raw(name))}`);
    say([...lines, ...(logs.length === 0 ? [] : ["", ...logs.map(({ text }) => printedText(text))])].join("\n"));
  },
});

/** Texts without their quotes, other values as the server has written them. */
function textOf(value: unknown, raw: string | undefined): string {
  return typeof value === "string" ? value : (raw ?? "");
}
