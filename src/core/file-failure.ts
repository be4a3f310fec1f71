import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { errorCode } from "./errors.ts";

const REASONS: Readonly<Record<string, string>> = {
  EACCES: "this user has no permission",
  EPERM: "this user has no permission",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENAMETOOLONG: "its name is too long",
  ELOOP: "it is a symbolic link to itself",
  ENOSPC: "the disk is full",
  EDQUOT: "the quota of the disk is used up",
  EFBIG: "the file would be larger than the system allows",
  EMFILE: "too many files are open",
  ENFILE: "too many files are open",
  EBUSY: "another program uses it",
};

/**
 * Says why a file could not be read or written, for the end of a sentence: `the folder /nope does not exist`.
 * @param error what the file system has thrown
 * @param path of the file
 */
export function describeFileFailure(error: unknown, path: string): string {
  const code = errorCode(error);
  if (code === "ENOENT" || code === "ENOTDIR") return describeMissing(path);
  return REASONS[code ?? ""] ?? code ?? (error instanceof Error ? error.message : String(error));
}

function describeMissing(path: string): string {
  const parent = dirname(path);
  let there = parent;
  while (!existsSync(there) && there !== dirname(there)) there = dirname(there);
  const stats = statSync(there, { throwIfNoEntry: false });
  if (stats?.isDirectory() === false) return `${there} is not a folder`;
  return there === parent && stats !== undefined ? "it does not exist" : `the folder ${parent} does not exist`;
}
