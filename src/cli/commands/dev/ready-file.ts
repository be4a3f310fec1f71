import { rmSync } from "node:fs";
import { describeFileFailure } from "../../../core/file-failure.ts";
import { CommandError } from "../../failures.ts";
import { writeWholeFile } from "../../whole-file.ts";

/** A file that is there while the server is ready, for programs that wait for it. */
export class ReadyFile {
  readonly #path: string;

  /** Removes what an earlier server, killed without a chance to clean up, has left. */
  constructor(path: string) {
    this.#path = path;
    this.remove();
  }

  /**
   * Writes the file atomically, so that no reader gets half of it.
   * @throws CommandError
   */
  write(content: string): void {
    try {
      writeWholeFile(this.#path, `${content}\n`, 0o600);
    } catch (error) {
      throw this.#failure("written", error);
    }
  }

  /** Removes it, if it is there. */
  remove(): void {
    try {
      rmSync(this.#path, { force: true });
    } catch (error) {
      throw this.#failure("removed", error);
    }
  }

  #failure(verb: "written" | "removed", error: unknown): CommandError {
    const reason = describeFileFailure(error, this.#path);
    return new CommandError(
      `The ready file ${this.#path} cannot be ${verb}: ${reason}. Choose another with --ready-file.`,
    );
  }
}
