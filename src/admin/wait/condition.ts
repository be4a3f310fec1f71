import type { CommittedEvent } from "../../core/events.ts";

/** The condition of a wait. */
export interface Condition {
  /**
   * Returns the answer when it is so, and `undefined` as long as it is not.
   * @throws LocalError 404 for something that does not exist, 409 when it never will be so
   */
  check(): object | undefined;
  /** Whether an event may have made it so. */
  concerns(event: CommittedEvent): boolean;
  /** Describes how it is now: `the job … is running`. */
  describe(): string;
}
