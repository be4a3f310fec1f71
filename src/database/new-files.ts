import {
  chmodSync,
  closeSync,
  existsSync,
  fchmodSync,
  mkdirSync,
  openSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { errorCode } from "../core/errors.ts";

/** Read and write for the owner alone: the database holds prompts, API keys and secrets. */
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;
const OTHERS = 0o077;

/** The files and folders that a start makes: for their owner alone, and removed again when the start fails. */
export class NewFiles {
  readonly #folders: string[] = [];
  readonly #files: string[] = [];

  /**
   * Creates a folder and its parents, if they are missing, and keeps it out of version control. Other processes may do
   * the same at the same time.
   * @throws Error of the file system
   */
  makeFolder(path: string): void {
    if (existsSync(path)) return;
    this.#makeFolders(path);
    const ignoreFile = join(path, ".gitignore");
    this.makeFile(ignoreFile, "*\n");
  }

  /**
   * Creates a file, if it is missing.
   * @returns whether it was missing
   * @throws Error of the file system
   */
  makeFile(path: string, content: string | Uint8Array = ""): boolean {
    if (existsSync(path)) return false;
    const file = unlessItExists(() => openSync(path, "wx", PRIVATE_FILE));
    if (file === undefined) return false;
    this.#files.push(path);
    try {
      // The mode above is what the umask leaves of it.
      fchmodSync(file, PRIVATE_FILE);
      writeFileSync(file, content);
    } finally {
      closeSync(file);
    }
    return true;
  }

  /** Counts a file as new if it is missing now, for files that SQLite makes. */
  expectFile(path: string): void {
    if (!existsSync(path)) this.#files.push(path);
  }

  /** Removes everything that is new, as far as the system allows it. */
  remove(): void {
    for (const path of this.#files) ignoreErrors(() => rmSync(path, { force: true }));
    for (const path of this.#folders.toReversed()) ignoreErrors(() => rmdirSync(path));
  }

  /** Node's own recursion never ends where the system takes a folder for missing after it was made (`/proc`). */
  #makeFolders(path: string): void {
    const parent = dirname(path);
    if (!existsSync(parent)) this.#makeFolders(parent);
    // The mode is given at once: another start may look at the folder before the next statement.
    if (unlessItExists(() => mkdirSync(path, PRIVATE_FOLDER) ?? path) === undefined) return;
    this.#folders.push(path);
    chmodSync(path, PRIVATE_FOLDER);
  }
}

/**
 * Takes the rights of other users away from a file of this user. Files of others stay as they are, and so do those
 * of file systems without such rights. The file is not opened: closing it would free the locks of this process.
 */
export function makePrivate(path: string): void {
  const file = statSync(path, { throwIfNoEntry: false });
  if (file === undefined || file.uid !== process.getuid?.() || (file.mode & OTHERS) === 0) return;
  ignoreErrors(() => chmodSync(path, PRIVATE_FILE));
}

/**
 * Makes a file or folder that another process may have made since it was looked for.
 * @returns `undefined` when it has
 * @throws every other error
 */
function unlessItExists<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if (errorCode(error) === "EEXIST") return undefined;
    throw error;
  }
}

function ignoreErrors(work: () => void): void {
  try {
    work();
  } catch {
    // The start has failed already, or goes on without.
  }
}
