import type { Explanation } from "../../admin/why/schema.ts";

/** What a job or run waits for and what to do, in a line each. */
export function describeExplanation({ kind, id, status, reason, advice }: Explanation): string {
  return [`The ${kind} ${id} is ${status}. ${reason}`, ...(advice === undefined ? [] : [advice])].join("\n");
}
