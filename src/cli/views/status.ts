const PHRASES: Readonly<Record<string, string>> = {
  failed: "has failed",
  system_failed: "has failed",
  timed_out: "has timed out",
  crashed: "has crashed",
  expired: "has expired",
  cancelled: "was cancelled",
  canceled: "was canceled",
  dead_letter: "is a dead letter",
};

/** The status of a job or run as the end of a sentence: `is running`, `has failed`. */
export function statusPhrase(status: string): string {
  return PHRASES[status] ?? `is ${status}`;
}
