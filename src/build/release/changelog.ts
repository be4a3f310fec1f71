/**
 * Reads what CHANGELOG.md says about a version, in the format of Keep a Changelog.
 * @param text the whole file
 * @returns the section without its heading; `undefined` when there is none
 */
export function sectionOf(text: string, version: string): string | undefined {
  const headings = [...text.matchAll(/^## \[(?<version>[^\]]+)\].*$/gm)];
  const position = headings.findIndex(({ groups }) => groups?.["version"] === version);
  const heading = headings[position];
  if (heading === undefined) return undefined;
  return text.slice(heading.index + heading[0].length, headings[position + 1]?.index).trim();
}
