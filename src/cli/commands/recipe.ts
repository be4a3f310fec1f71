import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { type ArgsDef, type CommandDef, defineCommand } from "citty";
import { didYouMean } from "../../core/did-you-mean.ts";
import { describeFileFailure } from "../../core/file-failure.ts";
import { CommandError, EXIT } from "../failures.ts";
import { HELP_WIDTH } from "../help-topics.ts";
import { print } from "../print.ts";
import { type RecipeFile, recipeFiles, recipeNames, recipesText } from "../recipes.ts";
import type { Terminal } from "../terminal.ts";

const args: ArgsDef = {
  name: { type: "positional", required: false, description: "The recipe; left out, all are listed" },
  folder: {
    type: "positional",
    required: false,
    valueHint: "folder",
    description: "Where to write it; left out, a new folder with its name",
  },
};

/** `opik-local recipe`: lists the projects that test with opik-local in CI, or writes one into a folder. */
export const recipeCommand: CommandDef = defineCommand({
  meta: { name: "recipe", description: "Write a project that tests with opik-local in CI" },
  args,
  run: async ({ args, data }) => {
    const { stdout, folder: current } = data as Terminal;
    const name = args["name"] as string | undefined;
    if (name === undefined) {
      const { markdownLines } = await import("../markdown/lines.ts");
      print(stdout, markdownLines(recipesText(), HELP_WIDTH).join("\n"));
      return;
    }
    const names = recipeNames();
    if (!names.includes(name)) {
      const meant = didYouMean(name, names) || ` There are: ${names.join(", ")}.`;
      throw new CommandError(`There is no recipe ${name}.${meant}`, EXIT.usage);
    }
    const folder = (args["folder"] as string | undefined) ?? name;
    write(resolve(current, folder), recipeFiles(name));
    const paths = recipeFiles(name).map(({ path }) => join(folder, path));
    print(stdout, [...paths, "", "`opik-local recipe` and `opik-local help ci` say how to run it."].join("\n"));
  },
});

/**
 * Writes all files or none.
 * @throws CommandError when one is there already, or cannot be written
 */
function write(folder: string, files: readonly RecipeFile[]): void {
  const there = files.map(({ path }) => join(folder, path)).find((path) => existsSync(path));
  if (there !== undefined) throw new CommandError(`${there} exists already: nothing was written.`);
  const written: string[] = [];
  for (const { path, text } of files) {
    const target = join(folder, path);
    try {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text, { flag: "wx" });
    } catch (error) {
      for (const file of written) rmSync(file, { force: true });
      throw new CommandError(`${target} could not be written: ${describeFileFailure(error, target)}.`);
    }
    written.push(target);
  }
}
