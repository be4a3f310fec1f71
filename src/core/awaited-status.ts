/** Whether a status is reached, never will be, or may be later. */
export type AwaitedStatus = "reached" | "impossible" | "open";

/** A status that clients can wait for. */
interface Thing<Status extends string> {
  status: Status;
}

/**
 * Decides whether something has the status that is waited for.
 * @param wanted default any status that is final
 * @param isFinal whether nothing follows a status
 * @returns `impossible` when another status was reached that is final
 */
export function awaitedStatus<Status extends string>(
  { status }: Thing<Status>,
  wanted: Status | undefined,
  isFinal: (status: Status) => boolean,
): AwaitedStatus {
  if (wanted === undefined ? isFinal(status) : status === wanted) return "reached";
  return isFinal(status) ? "impossible" : "open";
}
