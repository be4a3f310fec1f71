import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { describeFileFailure } from "../../src/core/file-failure.ts";

const folder = mkdtempSync(join(tmpdir(), "file-failure-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, "file"), "");
mkdirSync(join(folder, "folder"));
symlinkSync("loop", join(folder, "loop"));

const read = (path: string): unknown => readFileSync(path);
const write = (path: string): void => writeFileSync(path, "");

describe("the failure of a file says", () => {
  test.for<[string, (path: string) => unknown, string]>([
    ["none", read, "it does not exist"],
    ["none/x", read, `the folder ${join(folder, "none")} does not exist`],
    ["none/x", write, `the folder ${join(folder, "none")} does not exist`],
    ["file/x", write, `${join(folder, "file")} is not a folder`],
    ["file/x/y", write, `${join(folder, "file")} is not a folder`],
    ["folder", read, "it is a folder"],
    ["folder", write, "it is a folder"],
    ["loop", read, "it is a symbolic link to itself"],
    ["n".repeat(300), write, "its name is too long"],
  ])("%s", ([name, work, reason]) => {
    const path = join(folder, name);
    let failure: unknown;
    try {
      work(path);
    } catch (error) {
      failure = error;
    }
    expect(describeFileFailure(failure, path)).toBe(reason);
  });

  test.for<[Error, string]>([
    [Object.assign(new Error("EACCES: permission denied"), { code: "EACCES" }), "this user has no permission"],
    [Object.assign(new Error("EIO: i/o error"), { code: "EIO" }), "EIO"],
    [new Error("other users can write to it"), "other users can write to it"],
  ])("%s", ([error, reason]) => {
    expect(describeFileFailure(error, "file")).toBe(reason);
  });
});
