import { accessSync, closeSync, constants, openSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { SystemClock } from "../core/clock.ts";
import { createIdSource, type IdSource, randomHex } from "../core/ids.ts";

/**
 * Writes a file as a whole: readers never see half of it.
 * @param mode permissions of the file
 * @param ids where the name of the draft comes from
 * @throws Error of the file system; no draft is left
 */
export function writeWholeFile(
  path: string,
  text: string,
  mode: number,
  ids: IdSource = createIdSource(new SystemClock()),
): void {
  const draft = openDraft(path, mode, ids);
  try {
    draft.write(text);
    draft.keep();
  } finally {
    draft.close();
  }
}

/**
 * The same with a text that comes in slices.
 * @throws Error of the file system, and what the slices throw; no draft is left
 */
export async function writeSlices(path: string, slices: AsyncIterable<string>, mode: number): Promise<void> {
  const draft = openDraft(path, mode, createIdSource(new SystemClock()));
  try {
    for await (const slice of slices) draft.write(slice);
    draft.keep();
  } finally {
    draft.close();
  }
}

/**
 * Tries whether a file can be written, without changing anything.
 * @throws Error of the file system when it cannot
 */
export function tryToWrite(path: string): void {
  if (isStream(path)) accessSync(path, constants.W_OK);
  else if (statSync(path, { throwIfNoEntry: false })?.isDirectory())
    throw Object.assign(new Error(), { code: "EISDIR" });
  else new Draft(path, 0o600, createIdSource(new SystemClock())).close();
}

/** Whether a path is that of a pipe or a device, such as `/dev/stdout`, which no file may replace. */
export function isStream(path: string): boolean {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats !== undefined && (path.startsWith("/dev/") || !(stats.isFile() || stats.isDirectory()));
}

function openDraft(path: string, mode: number, ids: IdSource): Pick<Draft, "write" | "keep" | "close"> {
  if (!isStream(path)) return new Draft(path, mode, ids);
  const file = openSync(path, "a");
  return { write: (text) => writeFileSync(file, text), keep: () => {}, close: () => closeSync(file) };
}

/**
 * What becomes a file. It lies beside it under a name that others cannot guess, and is never one that exists: a
 * symbolic link planted in its place would name another file to overwrite.
 */
class Draft {
  readonly #path: string;
  readonly #draft: string;
  readonly #file: number;
  #isKept = false;

  constructor(path: string, mode: number, ids: IdSource) {
    this.#path = path;
    this.#draft = `${path}.${randomHex(ids, 8)}.tmp`;
    this.#file = openSync(this.#draft, "wx", mode);
  }

  write(text: string): void {
    writeFileSync(this.#file, text);
  }

  /** Puts it in the place of the file. */
  keep(): void {
    renameSync(this.#draft, this.#path);
    this.#isKept = true;
  }

  /** Removes it unless it was kept. */
  close(): void {
    closeSync(this.#file);
    if (!this.#isKept) rmSync(this.#draft, { force: true });
  }
}
