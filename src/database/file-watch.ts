import { statSync } from "node:fs";
import type { Background } from "../core/background.ts";
import type { Clock, Timer } from "../core/clock.ts";
import { errorCode } from "../core/errors.ts";

/** The time between two checks, in milliseconds. */
const INTERVAL_MS = 1_000;

export interface FileWatchOptions {
  clock: Clock;
  /** Files that are there now; none for a database in memory. */
  paths: readonly string[];
  /** Called once, with the first file found to be deleted, moved or replaced. The watch has ended then. */
  onLost: (path: string) => void;
}

/** Device and inode: they stay the same while the file is open, and no other file has them. */
type Identity = Readonly<Record<"dev" | "ino", bigint>>;

/**
 * Notices that files were deleted, moved or replaced while they are open. The system does not report it: what is
 * written to them succeeds, and is gone when they are closed.
 */
export class FileWatch implements Background {
  readonly #options: FileWatchOptions;
  readonly #identities: ReadonlyMap<string, Identity>;
  #timer: Timer | undefined;
  #hasReported = false;

  /** @throws Error of the file system when a file is missing */
  constructor(options: FileWatchOptions) {
    this.#options = options;
    this.#identities = new Map(options.paths.map((path) => [path, statSync(path, { bigint: true })]));
  }

  start(): void {
    if (this.#identities.size === 0 || this.#hasReported) return;
    this.#timer = this.#options.clock.schedule(INTERVAL_MS, () => {
      this.start();
      this.check();
    });
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Looks at the files now, unless it is stopped. */
  check(): void {
    if (this.#timer === undefined) return;
    const lost = [...this.#identities].find(([path, identity]) => isLost(path, identity));
    if (lost === undefined) return;
    this.stop();
    this.#hasReported = true;
    this.#options.onLost(lost[0]);
  }
}

/** Waits for the file system, as every request does: another thread would cost an idle server more than all else. */
function isLost(path: string, identity: Identity): boolean {
  try {
    const { dev, ino } = statSync(path, { bigint: true });
    return dev !== identity.dev || ino !== identity.ino;
  } catch (error) {
    // Other errors, such as a network that is down, say nothing of the file.
    const code = errorCode(error);
    return code === "ENOENT" || code === "ENOTDIR";
  }
}
