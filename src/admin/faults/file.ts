import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { didYouMean } from "../../core/did-you-mean.ts";
import { ConfigurationError, errorCode } from "../../core/errors.ts";
import { describeFileFailure } from "../../core/file-failure.ts";
import { PRESET_NAMES } from "./presets.ts";

/**
 * Reads what `--faults` names: a preset, or a YAML or JSON file with a list of faults, also as its field `faults`.
 * @param folder what a relative path is relative to
 * @returns faults that are not checked yet
 * @throws ConfigurationError for what is neither
 */
export function readFaults(given: string, folder: string): readonly unknown[] {
  if (PRESET_NAMES.some((name) => name === given)) return [{ preset: given }];
  const content = parseFile(given, textOf(given, folder));
  const list = typeof content === "object" && content !== null && "faults" in content ? content.faults : content;
  if (!Array.isArray(list)) {
    throw new ConfigurationError(`${given} has no list of faults, such as [{ path: "/**", latency: 200ms }].`);
  }
  return list;
}

function textOf(given: string, folder: string): string {
  try {
    return readFileSync(resolve(folder, given), "utf8");
  } catch (error) {
    throw new ConfigurationError(
      errorCode(error) === "ENOENT"
        ? `There is no file of faults and no preset "${given}".${didYouMean(given, PRESET_NAMES) || ` The presets are ${PRESET_NAMES.join(", ")}.`}`
        : `The faults in ${given} cannot be read: ${describeFileFailure(error, given)}.`,
    );
  }
}

function parseFile(name: string, text: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw new ConfigurationError(`The faults in ${name} are neither YAML nor JSON: ${(error as Error).message}`);
  }
}
