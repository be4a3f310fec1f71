import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import manifest from "../../../package.json" with { type: "json" };
import { CHECKLIST, release } from "../../../src/build/release/release.ts";

/** A repository at version 0.1.0, whose CHANGELOG has sections for 0.2.0 and 0.3.0. */
class Repository {
  readonly folder = mkdtempSync(join(tmpdir(), "opik-local-release-"));
  readonly scripts: string[] = [];

  constructor() {
    onTestFinished(() => rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 }));
    this.git("init", "--quiet", "--initial-branch=main");
    this.git("config", "user.name", "A Maintainer");
    this.git("config", "user.email", "maintainer@example.com");
    const content = { name: "package", version: "0.1.0" };
    this.write("package.json", JSON.stringify(content));
    this.write("package-lock.json", JSON.stringify({ ...content, lockfileVersion: 3, packages: { "": content } }));
    this.write("CHANGELOG.md", "# Changelog\n\n## [0.3.0]\n\nMore.\n\n## [0.2.0] - 2026-11-28\n\nSomething.\n");
    this.commit();
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" }).trim();
  }

  write(name: string, content: string): void {
    writeFileSync(join(this.folder, name), content);
  }

  commit(): void {
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message=a change");
  }

  versionIn(name: string): unknown {
    return (JSON.parse(readFileSync(join(this.folder, name), "utf8")) as { version: string }).version;
  }

  /** Releases with a checklist that is only written down. */
  release(version: string, runScript = (name: string): void => void this.scripts.push(name)): string[] {
    return release({ folder: this.folder, version, runScript });
  }
}

/** Releases a repository that is not ready, and expects it to be as before. @returns the reasons */
function refusal(repository: Repository, version: string): string {
  const before = [repository.git("rev-parse", "HEAD"), repository.git("status"), repository.git("tag")];
  let reasons = "it was released";
  try {
    repository.release(version);
  } catch (error) {
    reasons = (error as Error).message;
  }
  expect([repository.git("rev-parse", "HEAD"), repository.git("status"), repository.git("tag")]).toEqual(before);
  expect(repository.scripts).toEqual([]);
  return reasons;
}

describe("a release", () => {
  test("goes through the checklist, commits the version, tags it and names what to push", () => {
    const repository = new Repository();
    expect(repository.release("0.2.0")).toEqual(["git push --atomic origin main v0.2.0"]);
    expect(repository.scripts).toEqual(["check", "test", "build"]);
    expect([repository.versionIn("package.json"), repository.versionIn("package-lock.json")]).toEqual([
      "0.2.0",
      "0.2.0",
    ]);
    expect(repository.git("log", "-1", "--format=%s")).toBe("release: 0.2.0");
    expect(repository.git("rev-parse", "v0.2.0^{commit}")).toBe(repository.git("rev-parse", "HEAD"));
    expect(repository.git("status", "--porcelain")).toBe("");
  });

  test("refuses what is not committed, also a file that is new", () => {
    const repository = new Repository();
    repository.write("new.txt", "");
    expect(refusal(repository, "0.2.0")).toBe("there are changes that are not committed");
  });

  test.for([
    ["another branch", ["switch", "--quiet", "--create", "other"], "the branch is other, releases are made from main"],
    ["no branch", ["checkout", "--quiet", "--detach"], "the branch is none, releases are made from main"],
    ["a version that has a tag", ["tag", "v0.2.0"], "the tag v0.2.0 exists"],
  ] as const)("refuses %s", ([, command, reason]) => {
    const repository = new Repository();
    repository.git(...command);
    expect(refusal(repository, "0.2.0")).toBe(reason);
  });

  test.for([
    ["0.4.0", "CHANGELOG.md has no section for 0.4.0"],
    ["0.1.0", "0.1.0 is not later than 0.1.0\nCHANGELOG.md has no section for 0.1.0"],
    ["minor", "minor is not a version such as 0.2.0\nCHANGELOG.md has no section for minor"],
  ])("refuses the version %s", ([version, reason]) => {
    expect(refusal(new Repository(), version!)).toBe(reason);
  });

  test("compares versions by their numbers", () => {
    const repository = new Repository();
    repository.write("package.json", JSON.stringify({ name: "package", version: "0.10.0" }));
    repository.commit();
    expect(refusal(repository, "0.3.0")).toBe("0.3.0 is not later than 0.10.0");
  });

  test("names all that is in the way at once", () => {
    const repository = new Repository();
    repository.git("switch", "--quiet", "--create", "other");
    repository.write("CHANGELOG.md", "# Changelog\n");
    expect(refusal(repository, "0.2.0").split("\n")).toHaveLength(3);
  });

  test("changes nothing when a script of the checklist fails", () => {
    const repository = new Repository();
    const fail = (name: string): void => {
      if (name === "test") throw new Error("a test failed");
    };
    expect(() => repository.release("0.2.0", fail)).toThrow("a test failed");
    expect(repository.git("tag")).toBe("");
    expect(repository.versionIn("package.json")).toBe("0.1.0");
  });

  test("refuses when the checklist writes files that are not committed", () => {
    const repository = new Repository();
    expect(() => repository.release("0.2.0", (name) => repository.write(`${name}.txt`, ""))).toThrow(
      /^the scripts changed files.*\n.*build\.txt/,
    );
    expect(repository.git("tag")).toBe("");
  });
});

test("the checklist consists of scripts of package.json", () => {
  expect(CHECKLIST.filter((name) => !(name in manifest.scripts))).toEqual([]);
});
