import { createReadStream, existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";

/** A part of a file, in bytes; `end` is the last one. */
export interface ByteRange {
  start: number;
  end: number;
}

export type FileContent = Uint8Array | AsyncIterable<Uint8Array>;

/** Files that belong to rows of the database, each under an id: too large for the database itself. */
export interface AttachedFiles {
  /** Writes a file as a whole, or in the parts in which it comes; on an error there is none. */
  write(id: string, content: FileContent): Promise<void>;
  /** Reads a part of a file, as its reader asks for it. An unknown id fails when it is read. */
  read(id: string, range: ByteRange): ReadableStream<Uint8Array>;
  /** Reads a whole file at once, without a pause; `undefined` when there is none. */
  readNow(id: string): Uint8Array | undefined;
  /** Deletes a file, if there is one. */
  delete(id: string): Promise<void>;
  /** Deletes all files but those that are `wanted`. */
  sweep(wanted: (id: string) => boolean): Promise<void>;
}

/**
 * The files of a database: in a folder beside it, which is made with the first file, or in memory with one that is.
 * @param database the path of the database; `undefined` for one in memory
 * @param kind the end of the folder's name
 */
export function openAttachedFiles(database: string | undefined, kind: "attachments" | "exports"): AttachedFiles {
  return database === undefined ? new FilesInMemory() : new FilesInFolder(`${database}-${kind}`);
}

/** A name of a file that is not written to its end. */
const UNFINISHED = ".part";

class FilesInFolder implements AttachedFiles {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async write(id: string, content: FileContent): Promise<void> {
    const path = this.#pathOf(id);
    // Like the database itself: no other user of this computer may read what traces contain.
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    try {
      await writeFile(path + UNFINISHED, content, { mode: 0o600 });
      await rename(path + UNFINISHED, path);
    } catch (error) {
      await rm(path + UNFINISHED, { force: true });
      throw error;
    }
  }

  read(id: string, range: ByteRange): ReadableStream<Uint8Array> {
    // A range of no bytes cannot be named: `end` is inclusive.
    if (range.end < range.start) return new Blob([]).stream();
    return Readable.toWeb(createReadStream(this.#pathOf(id), { ...range })) as ReadableStream<Uint8Array>;
  }

  readNow(id: string): Uint8Array | undefined {
    const path = this.#pathOf(id);
    return existsSync(path) ? readFileSync(path) : undefined;
  }

  async delete(id: string): Promise<void> {
    await rm(this.#pathOf(id), { force: true });
  }

  async sweep(wanted: (id: string) => boolean): Promise<void> {
    if (!existsSync(this.#folder)) return;
    for (const name of await readdir(this.#folder)) if (!wanted(name)) await this.delete(name);
  }

  #pathOf(id: string): string {
    return join(this.#folder, id);
  }
}

class FilesInMemory implements AttachedFiles {
  readonly #files = new Map<string, Uint8Array<ArrayBuffer>>();

  async write(id: string, content: FileContent): Promise<void> {
    this.#files.set(id, new Uint8Array(content instanceof Uint8Array ? content : await joined(content)));
  }

  read(id: string, { start, end }: ByteRange): ReadableStream<Uint8Array> {
    return new Blob([this.#files.get(id) ?? new Uint8Array()]).slice(start, end + 1).stream();
  }

  readNow(id: string): Uint8Array | undefined {
    return this.#files.get(id);
  }

  async delete(id: string): Promise<void> {
    this.#files.delete(id);
  }

  async sweep(wanted: (id: string) => boolean): Promise<void> {
    for (const id of this.#files.keys()) if (!wanted(id)) this.#files.delete(id);
  }
}

async function joined(parts: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const all: Uint8Array[] = [];
  for await (const part of parts) all.push(part);
  return Buffer.concat(all);
}
