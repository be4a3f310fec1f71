import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { describeFileFailure } from "../../core/file-failure.ts";
import { stringifyJson } from "../../core/json.ts";
import { toYaml } from "../../fixtures/format/format.ts";
import { FixtureError, inOrder } from "../../fixtures/format/mistakes.ts";
import { readFixtureFiles } from "../../fixtures/load/files.ts";
import { parseFixtures } from "../../fixtures/load/parse.ts";
import { CommandError, EXIT } from "../failures.ts";
import { writeWholeFile } from "../whole-file.ts";
import type { RecordedExchange } from "./exchange.ts";

/** Only their owner reads recordings: what clients send may be private. */
const MODE = 0o600;

const HOW_TO_RECORD = "Make one with: opik-local record --upstream URL --out FILE";

/**
 * Reads the exchanges of a recording.
 * @param folder what the path is relative to
 * @throws ConfigurationError for a file that cannot be read, FixtureError with its mistakes, CommandError when it has no
 * exchanges
 */
export function readRecording(path: string, folder: string): RecordedExchange[] {
  if (!existsSync(resolve(folder, path)))
    throw new CommandError(`The recording ${path} does not exist. ${HOW_TO_RECORD}`, EXIT.usage);
  const files = readFixtureFiles([path], folder);
  const { entries, mistakes } = parseFixtures(files);
  if (mistakes.length > 0) throw new FixtureError(inOrder(mistakes, files));
  const exchanges = entries.exchanges.map(({ value }) => value as RecordedExchange);
  if (exchanges.length === 0) {
    throw new CommandError(`${path} has no exchanges. ${HOW_TO_RECORD}`);
  }
  return exchanges;
}

/**
 * Writes a recording as YAML, or as JSON when its name ends so.
 * @throws CommandError when it cannot be written
 */
export function writeRecording(path: string, fixture: Readonly<Record<string, object[]>>): void {
  const text = path.endsWith(".json")
    ? `${stringifyJson(fixture)}\n`
    : toYaml(fixture, " Written by `opik-local record`.");
  try {
    writeWholeFile(path, text, MODE);
  } catch (error) {
    throw new CommandError(`${path} cannot be written: ${describeFileFailure(error, path)}.`);
  }
}
