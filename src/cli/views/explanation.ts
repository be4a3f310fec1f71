import type { Explanation } from "../../admin/why/schema.ts";
import { statusPhrase } from "./status.ts";

/** What a job or run waits for and what to do, in a line each. */
export function describeExplanation({ kind, id, status, reason, advice }: Explanation): string {
  return [`The ${kind} ${id} ${statusPhrase(status)}. ${reason}`, ...(advice === undefined ? [] : [advice])].join("\n");
}
