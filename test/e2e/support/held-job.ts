import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { temporaryFolder } from "./temporary-folder.ts";

/** A job of the agent `wait`, which runs until the test ends it. */
export interface HeldJob {
  inputs: { file: string };
  /** Lets the agent end the job. */
  release(): void;
}

/** @param onFinished that of the test, when others run at the same time */
export function holdJob(...onFinished: Parameters<typeof temporaryFolder>): HeldJob {
  const file = join(temporaryFolder(...onFinished), "released");
  return { inputs: { file }, release: () => writeFileSync(file, "") };
}
