/** The file of a text that `opik-local help` shows. */
export function helpText(topic: string): URL {
  return new URL(`../../src/cli/help/${topic}.md`, import.meta.url);
}
