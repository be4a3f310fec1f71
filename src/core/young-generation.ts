/** When a start is over. V8 soon drops the code of functions that only a start needs. */
export const AFTER_START_MS = 2_000;

/**
 * Keeps V8's young generation as large as it is now. Under load V8 lets it grow although nearly everything in it is
 * garbage of requests that were answered: after 9,000 job cycles a server takes 200 MB instead of 300. Job cycles take
 * 4 to 8 % more processor time for that, large batches up to a fifth more.
 *
 * V8 reads this factor whenever it lets the young generation grow; its limit (`--max-semi-space-size`) only when the
 * process starts. Code caches made before are refused afterwards, and the other way round, because they are bound to the
 * flags: so this comes after the start, in a process of our own only, never in the one of a test suite. So does `node:v8`, which brings modules that a start does not
 * need.
 */
export function keepYoungGenerationSize(): void {
  process.getBuiltinModule("node:v8").setFlagsFromString("--semi-space-growth-factor=1");
}
