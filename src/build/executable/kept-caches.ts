import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Script } from "node:vm";
import { crc32 } from "node:zlib";
import { CACHE_SUFFIX } from "./modules.ts";

/** The checksum behind a cache. */
const CHECKSUM_BYTES = 4;

/**
 * V8's code caches of the files of a program, kept on the disk by the first start of a command for the next ones. They are
 * named after the checksum of the code, because V8 compares only its length, and because projects with different versions
 * of the program share the folder. What cannot be read or written is no error: the start is only slower.
 */
export class KeptCaches {
  readonly #folder: string;
  /** The checksums of the code of the files that were read. */
  readonly #codes = new Map<string, number>();

  /** @param folder one that only this version of Node and this user use */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** @returns the cache of a file with this code; `undefined` without one, and when it is damaged */
  read(name: string, code: Buffer): Buffer | undefined {
    this.#codes.set(name, crc32(code));
    try {
      const kept = readFileSync(this.#pathOf(name));
      const cache = kept.subarray(0, -CHECKSUM_BYTES);
      return kept.readUInt32LE(cache.length) === crc32(cache) ? cache : undefined;
    } catch {
      return undefined;
    }
  }

  /** Keeps the functions that were compiled until now, of the files without a cache that V8 accepted. */
  keep(scripts: ReadonlyMap<string, Script>): void {
    for (const [name, script] of scripts) if (script.cachedDataRejected !== false) this.#write(name, script);
  }

  #write(name: string, script: Script): void {
    const path = this.#pathOf(name);
    const unfinished = `${path}.${process.pid}`;
    const cache = script.createCachedData();
    const checksum = Buffer.alloc(CHECKSUM_BYTES);
    checksum.writeUInt32LE(crc32(cache));
    try {
      mkdirSync(this.#folder, { recursive: true, mode: 0o700 });
    } catch {
      return;
    }
    try {
      writeFileSync(unfinished, Buffer.concat([cache, checksum]), { mode: 0o600 });
      // Another process may read it at this moment: the complete file appears at once.
      renameSync(unfinished, path);
    } catch {
      rmSync(unfinished, { force: true });
    }
  }

  #pathOf(name: string): string {
    const checksum = (this.#codes.get(name) ?? 0).toString(16).padStart(8, "0");
    return join(this.#folder, `${name}-${checksum}${CACHE_SUFFIX}`);
  }
}
