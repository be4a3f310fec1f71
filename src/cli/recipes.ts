import { assetFolder } from "../core/assets.ts";

/** Projects to copy, in `fixtures/ci/` of the repository: each folder is one. */
const FILES = assetFolder(
  "recipes",
  () => new URL(import.meta.url.endsWith(".ts") ? "../../fixtures/ci/" : "./recipes/", import.meta.url),
);

/** A file of a recipe. */
export interface RecipeFile {
  /** Its path in the folder of the recipe, with slashes. */
  path: string;
  text: string;
}

/** The names of the recipes, in order. */
export function recipeNames(): string[] {
  return [...new Set(FILES.names().flatMap((name) => (name.includes("/") ? [name.slice(0, name.indexOf("/"))] : [])))];
}

/** What the recipes are, in Markdown. */
export function recipesText(): string {
  return FILES.text("README.md");
}

/** The files of a recipe. */
export function recipeFiles(recipe: string): RecipeFile[] {
  const prefix = `${recipe}/`;
  return FILES.names()
    .filter((name) => name.startsWith(prefix))
    .map((name) => ({ path: name.slice(prefix.length), text: FILES.text(name) }));
}
