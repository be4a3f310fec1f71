import { describeFileFailure } from "../core/file-failure.ts";
import { EntryCutter } from "../fixtures/export/entries.ts";
import { YamlEntries } from "../fixtures/export/yaml.ts";
import { describeCounts } from "../fixtures/summary.ts";
import { CommandError } from "./failures.ts";
import { writeSlices } from "./whole-file.ts";

export type FixtureFormat = "json" | "yaml";

/**
 * The text of a fixture, made from its JSON without parsing numbers: 1.0 stays 1.0.
 * @param counts receives the number of entries of each list
 */
export async function* fixtureText(
  json: AsyncIterable<string> | Iterable<string>,
  format: FixtureFormat,
  counts: Map<string, number>,
): AsyncGenerator<string, void> {
  const yaml = format === "yaml" ? new YamlEntries(" Written by `opik-local export`.") : undefined;
  const cutter = new EntryCutter();
  for await (const slice of json) {
    const entries = [...cutter.cut(slice)];
    for (const { section, entry } of entries) {
      if (entry !== undefined) counts.set(section, (counts.get(section) ?? 0) + 1);
    }
    yield yaml === undefined ? slice : entries.map((entry) => yaml.write(entry)).join("");
  }
  if (yaml === undefined) yield "\n";
}

/**
 * Writes a fixture as a whole.
 * @returns what it contains: `2 projects, 1 runner`
 * @throws CommandError when the file cannot be written
 */
export async function writeFixtureFile(
  path: string,
  json: AsyncIterable<string> | Iterable<string>,
  format: FixtureFormat,
): Promise<string> {
  const counts = new Map<string, number>();
  try {
    await writeSlices(path, fixtureText(json, format, counts), 0o666);
  } catch (error) {
    if (error instanceof CommandError) throw error;
    throw new CommandError(`${path} cannot be written: ${describeFileFailure(error, path)}.`);
  }
  return describeCounts(Object.fromEntries(counts)) || "nothing";
}
