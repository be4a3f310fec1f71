import { attempt } from "../../../core/attempt.ts";
import type { Background } from "../../../core/background.ts";
import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import { OpikError } from "../../wire/errors.ts";
import type { RunnerService } from "../service.ts";
import type { HeartbeatRequest, HeartbeatResponse } from "./schema.ts";
import { CancellationStore } from "./store.ts";

export interface HeartbeatServiceDependencies {
  runners: RunnerService;
}

const CAPABILITY = /^[a-z_]+$/;

/** The SDKs remember a cancelled id for 300 s; twice that time is enough for every client. */
const DELIVERED_CANCELLATION_TTL_MS = 600_000;

/** Heartbeats, and the cancellations that are reported in their answers. */
export class HeartbeatService implements Background {
  readonly #context: OpikContext;
  readonly #store: CancellationStore;
  readonly #runners: RunnerService;
  /** Runners that have, or have had, cancellations: the heartbeats of others need no query. */
  #cancelled = new Set<string>();

  constructor(context: OpikContext, dependencies: HeartbeatServiceDependencies) {
    this.#context = context;
    this.#store = new CancellationStore(context.database);
    this.#runners = dependencies.runners;
  }

  /**
   * Records a heartbeat. For endpoint runners the answer lists the running jobs that were cancelled, once for each
   * audience: `opik endpoint` and the agent inside it both send heartbeats for one runner, and only the agent acts on
   * cancellations [opik 8.4].
   * @throws OpikError 410 when the runner is gone, 400 for a capability that is not a word. The heartbeat counts
   * nevertheless, as on the real server.
   */
  beat(owner: Owner, runnerId: string, { capabilities }: HeartbeatRequest): HeartbeatResponse {
    const invalid = capabilities?.find((capability) => capability === null || !CAPABILITY.test(capability));
    const response = this.#context.database.transaction(() => {
      const runner = this.#runners.find(owner, runnerId);
      if (runner === undefined) throw OpikError.errors(410, `Runner not found: ${runnerId}`);
      this.#runners.refresh(runner);
      if (invalid !== undefined) return { cancelled_job_ids: [] };
      if (capabilities !== undefined && capabilities.length > 0)
        this.#runners.setCapabilities(runner, capabilities as string[]);
      if (runner.type !== "endpoint") return { cancelled_job_ids: [] };
      return { cancelled_job_ids: this.#takeCancellations(runnerId, audienceOf(capabilities)) };
    });
    if (invalid !== undefined) throw OpikError.errors(400, `Invalid capability value: ${String(invalid)}`);
    return response;
  }

  /**
   * Reports these cancelled jobs again with the next heartbeat, because the client did not read the answer to this one.
   */
  takeBack({ capabilities }: HeartbeatRequest, jobIds: readonly string[]): void {
    const audience = audienceOf(capabilities);
    this.#context.database.transaction(() => {
      for (const jobId of jobIds) this.#store.undoDelivery(jobId, audience);
    });
  }

  /** Acknowledges cancellations whose heartbeat's answer was read. */
  acknowledge({ capabilities }: HeartbeatRequest, jobIds: readonly string[]): void {
    const audience = audienceOf(capabilities);
    this.#context.database.transaction(() => {
      for (const jobId of jobIds) this.#store.acknowledge(jobId, audience);
    });
  }

  /** Reports all cancellations again that were not acknowledged when the server was killed. */
  start(): void {
    this.#store.undoUnacknowledged();
    this.#cancelled = new Set(this.#store.runners());
  }

  /** Reports all cancellations again, after the next start, that no client has acknowledged. */
  takeBackUnread(): void {
    attempt(() => this.#store.undoUnacknowledged(), this.#context.reportError);
  }

  /** Remembers that a running job was cancelled, for the next heartbeats of its runner. */
  announceCancellation(jobId: string, runnerId: string): void {
    this.#store.insert(jobId, runnerId, this.#context.clock.now());
    this.#cancelled.add(runnerId);
  }

  /**
   * Deletes cancellations that were reported long ago.
   * @returns whether there may be more to delete
   */
  forgetDelivered(): boolean {
    if (this.#cancelled.size === 0) return false;
    return this.#store.deleteDelivered(this.#context.clock.now() - DELIVERED_CANCELLATION_TTL_MS);
  }

  #takeCancellations(runnerId: string, audience: string): string[] {
    if (!this.#cancelled.has(runnerId)) return [];
    const jobIds = this.#store.undelivered(runnerId, audience);
    for (const jobId of jobIds) this.#store.deliver(jobId, audience);
    return jobIds;
  }
}

/** Identifies the kind of client by its list of capabilities. */
function audienceOf(capabilities: HeartbeatRequest["capabilities"]): string {
  return JSON.stringify(capabilities ?? []);
}
