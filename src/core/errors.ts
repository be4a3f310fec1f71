/** An unusable setting, flag or file, which the user can correct: reported in one sentence, with exit code 2. */
export class ConfigurationError extends Error {}
