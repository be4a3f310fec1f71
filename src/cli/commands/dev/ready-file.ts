import { rmSync } from "node:fs";
import { describeFileFailure } from "../../../core/file-failure.ts";
import { CommandError, EXIT } from "../../failures.ts";
import { isStream, tryToWrite, writeWholeFile } from "../../whole-file.ts";

/** A file that is there while the server is ready, for programs that wait for it. */
export class ReadyFile {
  readonly #path: string;

  /**
   * Removes what an earlier server, killed without a chance to clean up, has left.
   * @throws CommandError with exit code 2 when no file can be written there
   */
  constructor(path: string) {
    this.#path = path;
    if (isStream(path)) throw this.#unusable("written", "it is no file", EXIT.usage);
    this.remove(EXIT.usage);
    try {
      tryToWrite(path);
    } catch (error) {
      throw this.#failure("written", error, EXIT.usage);
    }
  }

  /**
   * Writes the file atomically, so that no reader gets half of it.
   * @throws CommandError
   */
  write(content: string): void {
    try {
      writeWholeFile(this.#path, `${content}\n`, 0o600);
    } catch (error) {
      throw this.#failure("written", error, EXIT.failure);
    }
  }

  /**
   * Removes it, if it is there.
   * @throws CommandError with this exit code
   */
  remove(exitCode: number = EXIT.failure): void {
    try {
      rmSync(this.#path, { force: true });
    } catch (error) {
      throw this.#failure("removed", error, exitCode);
    }
  }

  #failure(verb: "written" | "removed", error: unknown, exitCode: number): CommandError {
    return this.#unusable(verb, describeFileFailure(error, this.#path), exitCode);
  }

  #unusable(verb: "written" | "removed", reason: string, exitCode: number): CommandError {
    const message = `The ready file ${this.#path} cannot be ${verb}: ${reason}. Choose another with --ready-file.`;
    return new CommandError(message, exitCode);
  }
}
