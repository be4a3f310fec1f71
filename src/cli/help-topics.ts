import { assetFolder } from "../core/assets.ts";

/** The columns that help texts are laid out for. */
export const HELP_WIDTH = 100;

const ENDING = /\.md$/;

/** The texts, beside the sources as beside the bundle. */
const TEXTS = assetFolder("help", () => new URL("./help/", import.meta.url));

/** The names of the topics that `opik-local help` explains, in order. */
export function helpTopics(): string[] {
  return TEXTS.names()
    .filter((name) => ENDING.test(name))
    .map((name) => name.replace(ENDING, ""));
}

/**
 * The text of a topic, in Markdown.
 * @throws when there is no such topic
 */
export function helpText(topic: string): string {
  return TEXTS.text(`${topic}.md`);
}

/** The heading of a topic. */
export function helpTitle(topic: string): string {
  return /^# (.*)$/m.exec(helpText(topic))?.[1] ?? "";
}
