import { createHash, randomBytes } from "node:crypto";
import { UUID, V7Generator } from "uuidv7";
import type { Clock } from "./clock.ts";

/** The only source of ids and of randomness in the program. */
export interface IdSource {
  /** A new UUIDv7 in lower case, greater than all before it. */
  uuid(): string;
  /** `size` random bytes. */
  bytes(size: number): Uint8Array;
  /** Another source, with its own ids: a seeded one then depends on the seed and this name alone. */
  derive(name: string): IdSource;
  /** Starts anew: a seeded source then gives the same ids once more. */
  reset(): void;
}

/**
 * @param clock dates the ids
 * @param seed when given, the same calls give the same ids on every run (for tests, never for secrets)
 */
export function createIdSource(clock: Clock, seed?: string): IdSource {
  const start = (): { bytes: IdSource["bytes"]; generator: V7Generator } => {
    // Its own randomness is cryptographic too, but fetched in larger portions.
    if (seed === undefined) return { bytes: randomBytes, generator: new V7Generator() };
    const bytes = seededBytes(seed);
    return { bytes, generator: new V7Generator({ nextUint32: () => bytes(4).readUInt32BE() }) };
  };
  // Begun with the first id, because Node's cryptography is a large part of Node that no start needs.
  let source: ReturnType<typeof start> | undefined;
  const current = (): ReturnType<typeof start> => (source ??= start());
  return {
    bytes: (size) => current().bytes(size),
    uuid: () => current().generator.generateOrResetWithTs(clock.now()).toString(),
    derive: (name) => createIdSource(clock, seed === undefined ? undefined : `${seed}:${name}`),
    reset: () => {
      source = undefined;
    },
  };
}

/** A stream of bytes that depends on the seed alone: SHA-256 in counter mode. */
function seededBytes(seed: string): (size: number) => Buffer {
  let counter = 0;
  let pool = Buffer.alloc(0);
  return (size) => {
    while (pool.length < size) {
      pool = Buffer.concat([pool, createHash("sha256").update(`${seed}:${counter++}`).digest()]);
    }
    const taken = pool.subarray(0, size);
    pool = pool.subarray(size);
    return taken;
  };
}

/** `size` random bytes as hexadecimal digits, two for each. */
export function randomHex(ids: IdSource, size: number): string {
  return Buffer.from(ids.bytes(size)).toString("hex");
}

/** A random whole number below 2^32. */
export function randomUint32(ids: IdSource): number {
  return Buffer.from(ids.bytes(4)).readUInt32BE();
}

/** A new UUIDv4 in lower case. */
export function randomUuid(ids: IdSource): string {
  const bytes = Buffer.from(ids.bytes(16));
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x40, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return UUID.ofInner(bytes).toString();
}

const UUID_PATTERN = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** Whether `text` is a UUID in its lower-case canonical form. */
export function isUuid(text: string): boolean {
  return UUID_PATTERN.test(text);
}

/**
 * An id that depends on the name alone, shaped like a UUIDv7 of the epoch, so that things named in a
 * fixture have the same id on every load.
 */
export function uuidFromName(...name: string[]): string {
  const hash = createHash("sha256").update(JSON.stringify(name)).digest("hex");
  const variant = ((Number.parseInt(hash.slice(3, 4), 16) & 0x3) | 0x8).toString(16);
  return `00000000-0000-7${hash.slice(0, 3)}-${variant}${hash.slice(4, 7)}-${hash.slice(8, 20)}`;
}

/** The same, shaped like a UUIDv7 of a point in time, in milliseconds since the epoch. */
export function uuidFromNameAt(time: number, ...name: string[]): string {
  return uuidsAt(time).first.slice(0, "00000000-0000".length) + uuidFromName(...name).slice("00000000-0000".length);
}

/** The point in time in a UUIDv7, in milliseconds since the epoch. */
export function timeOfUuid(uuid: string): number {
  return Number.parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/** The least and the greatest UUIDv7 of a point in time, in milliseconds since the epoch. */
export function uuidsAt(time: number): { first: string; last: string } {
  const hex = Math.max(0, Math.floor(time)).toString(16).padStart(12, "0");
  const timestamp = `${hex.slice(0, 8)}-${hex.slice(8)}`;
  return { first: `${timestamp}-7000-8000-000000000000`, last: `${timestamp}-7fff-bfff-ffffffffffff` };
}
