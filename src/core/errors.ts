/** An unusable setting, flag or file, which the user can correct: reported in one sentence, with exit code 2. */
export class ConfigurationError extends Error {}

/** The code of an error of Node or SQLite, such as `ENOENT`; `undefined` for an error without one. */
export function errorCode(error: unknown): string | undefined {
  // Without `instanceof`: jest gives tests another `Error` than the one of Node.
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}
