import { StraitError } from "./errors.ts";

/**
 * An end to what one run may keep: the real server has none for most kinds; here an executor that goes in circles
 * would fill the disk.
 * @param records as the error calls them: `checkpoints`
 * @throws StraitError 429 when there are as many as there may be
 */
export function requireBelowLimit(count: number, most: number, records: string): void {
  if (count >= most) throw new StraitError(429, `run has reached maximum ${records} (${most})`);
}
