import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, onTestFinished } from "vitest";

/**
 * A new folder that is deleted when the test ends.
 * @param onFinished that of the test, when others run at the same time
 */
export function temporaryFolder(onFinished = onTestFinished): string {
  const folder = make();
  onFinished(() => remove(folder));
  return folder;
}

/** A new folder that is deleted when all tests of the file, or of the group that it is called in, have ended. */
export function temporaryFolderOfFile(): string {
  const folder = make();
  afterAll(() => remove(folder));
  return folder;
}

function make(): string {
  return mkdtempSync(join(tmpdir(), "opik-local-e2e-"));
}

function remove(folder: string): void {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
