import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { sectionOf } from "./changelog.ts";

/** What has to succeed before a version is released, in this order: scripts of package.json. */
export const CHECKLIST: readonly string[] = ["check", "test", "build"];

export interface Release {
  /** The folder of the repository. */
  folder: string;
  /** `0.2.0` */
  version: string;
  /** Runs a script of package.json. @throws Error when it fails */
  runScript: (name: string) => void;
}

/**
 * Makes a release: goes through the checklist, then commits the new version and tags it. Nothing is pushed.
 * @returns the commands that publish it
 * @throws Error with all reasons when the repository is not ready; it is unchanged then
 */
export function release({ folder, version, runScript }: Release): string[] {
  const obstacles = obstaclesTo(folder, version);
  if (obstacles.length > 0) throw new Error(obstacles.join("\n"));
  for (const script of CHECKLIST) runScript(script);
  const changes = git(folder, "status", "--porcelain");
  if (changes !== "") throw new Error(`the scripts changed files, which have to be committed first:\n${changes}`);
  // It also writes the version to package-lock.json.
  execFileSync("npm", ["version", version, "--git-tag-version=false"], {
    cwd: folder,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  git(folder, "commit", "--all", `--message=release: ${version}`);
  git(folder, "tag", "--annotate", `v${version}`, `--message=${version}`);
  return [`git push --atomic origin main v${version}`];
}

/** Why this version cannot be released. */
function obstaclesTo(folder: string, version: string): string[] {
  const changelog = readFileSync(join(folder, "CHANGELOG.md"), "utf8");
  const { version: current } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
  const branch = git(folder, "branch", "--show-current");
  const rules: ReadonlyArray<readonly [isMet: boolean, obstacle: string]> = [
    [/^\d+\.\d+\.\d+$/.test(version), `${version} is not a version such as 0.2.0`],
    [version.localeCompare(current, "en", { numeric: true }) > 0, `${version} is not later than ${current}`],
    [branch === "main", `the branch is ${branch === "" ? "none" : branch}, releases are made from main`],
    [git(folder, "status", "--porcelain") === "", "there are changes that are not committed"],
    [git(folder, "tag", "--list", `v${version}`) === "", `the tag v${version} exists`],
    [(sectionOf(changelog, version) ?? "") !== "", `CHANGELOG.md has no section for ${version}`],
  ];
  return rules.filter(([isMet]) => !isMet).map(([, obstacle]) => obstacle);
}

function git(folder: string, ...args: string[]): string {
  return execFileSync("git", args, { cwd: folder, encoding: "utf8" }).trim();
}
