import { statSync } from "node:fs";
import { stat } from "node:fs/promises";
import type { Background } from "../core/background.ts";
import type { Clock, Timer } from "../core/clock.ts";

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
  #isStopped = true;
  #hasReported = false;

  /** @throws Error of the file system when a file is missing */
  constructor(options: FileWatchOptions) {
    this.#options = options;
    this.#identities = new Map(options.paths.map((path) => [path, statSync(path, { bigint: true })]));
  }

  start(): void {
    if (this.#identities.size === 0 || this.#hasReported) return;
    this.#isStopped = false;
    this.#schedule();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  /** Looks at the files now. Resolves when what was found has been reported. */
  async check(): Promise<void> {
    const lost = await this.#findLost();
    if (lost === undefined || this.#isStopped) return;
    this.stop();
    this.#hasReported = true;
    this.#options.onLost(lost);
  }

  #schedule(): void {
    this.#timer = this.#options.clock.schedule(INTERVAL_MS, () => {
      void this.check().then(() => {
        if (!this.#isStopped) this.#schedule();
      });
    });
  }

  async #findLost(): Promise<string | undefined> {
    for (const [path, identity] of this.#identities) {
      if (await isLost(path, identity)) return path;
    }
    return undefined;
  }
}

async function isLost(path: string, identity: Identity): Promise<boolean> {
  try {
    const { dev, ino } = await stat(path, { bigint: true });
    return dev !== identity.dev || ino !== identity.ino;
  } catch (error) {
    // Other errors, such as a network that is down, say nothing of the file.
    const { code } = error as NodeJS.ErrnoException;
    return code === "ENOENT" || code === "ENOTDIR";
  }
}
