import type { Background } from "../../core/background.ts";
import { Deadlines } from "../../core/deadlines.ts";
import { postWithin } from "../../http/client/post-within.ts";
import { failureReason } from "../../http/client/post.ts";
import type { StraitContext } from "../context.ts";
import type { DeliveryRow, PendingDelivery } from "./delivery.ts";
import { deliveryHeaders } from "./headers.ts";
import type { CallOutcome, WebhookService } from "./service.ts";

export interface WebhookSenderDependencies {
  webhooks: WebhookService;
}

/** The first call has a short timeout, so that a webhook that hangs does not delay the others. */
const FIRST_TIMEOUT_MS = 5_000;
const TIMEOUT_MS = 15_000;
/** The answer of a webhook is not used; this much is read so that its connection can end cleanly. */
const MAX_ANSWER_BYTES = 65_536;
/** The delay before a delivery is sent again whose outcome could not be written. */
const RETRY_AFTER_ERROR_MS = 5_000;

/** Calls webhooks when they are due, a limited number at once, in turn. */
export class WebhookSender implements Background {
  readonly #context: StraitContext;
  readonly #dependencies: WebhookSenderDependencies;
  readonly #deadlines: Deadlines;
  /** Those that are due while too many others are being called. */
  readonly #waiting = new Set<string>();
  readonly #open = new Map<string, AbortController>();

  constructor(context: StraitContext, dependencies: WebhookSenderDependencies) {
    this.#context = context;
    this.#dependencies = dependencies;
    const { clock, reportError } = context;
    this.#deadlines = new Deadlines({ clock, onDue: (id) => this.#begin(id), onError: reportError });
  }

  /** Continues with the deliveries in the database, also with those that were under way when the server was killed. */
  start(): void {
    for (const delivery of this.#dependencies.webhooks.pending()) this.follow(delivery);
  }

  /** Sends a delivery that was made or has changed, when it is due. */
  follow({ id, status, next_retry_at }: PendingDelivery): void {
    if (status !== "pending") return;
    const dueAt = next_retry_at ?? 0;
    if (dueAt > this.#context.clock.now()) this.#deadlines.set(id, dueAt);
    else this.#begin(id);
  }

  /** Aborts all calls; their deliveries are sent when the sender starts again. */
  stop(): void {
    this.#deadlines.forgetAll();
    this.#waiting.clear();
    const calls = [...this.#open.values()];
    this.#open.clear();
    for (const call of calls) call.abort();
  }

  #begin(id: string): void {
    const { config, clock, reportError } = this.#context;
    if (this.#open.has(id) || this.#open.size >= config.maxOpenWebhooks) {
      this.#waiting.add(id);
      return;
    }
    const call = new AbortController();
    this.#open.set(id, call);
    this.#deliver(id, call.signal)
      .catch((error: unknown) => {
        this.#deadlines.set(id, clock.now() + RETRY_AFTER_ERROR_MS);
        reportError(error);
      })
      .finally(() => this.#ended(id, call));
  }

  #ended(id: string, call: AbortController): void {
    if (this.#open.get(id) !== call) return;
    this.#open.delete(id);
    const [next] = this.#waiting;
    if (next === undefined) return;
    this.#waiting.delete(next);
    this.#begin(next);
  }

  async #deliver(id: string, signal: AbortSignal): Promise<void> {
    const { webhooks } = this.#dependencies;
    const row = webhooks.find(id);
    if (row?.status !== "pending") return;
    const outcome = await this.#call(row, signal);
    if (!signal.aborted) webhooks.settle(id, outcome);
  }

  async #call(row: DeliveryRow, signal: AbortSignal): Promise<CallOutcome> {
    const { clock, config } = this.#context;
    const { webhook_url: url, payload_json: body, attempts } = row;
    const bytes = Buffer.byteLength(body);
    const most = config.webhookMaxPayloadBytes;
    if (bytes > most) return { error: `payload too large: ${bytes} bytes exceeds max ${most}` };
    const headers = deliveryHeaders(row, attempts + 1, clock.now());
    const timeoutMs = attempts === 0 ? FIRST_TIMEOUT_MS : TIMEOUT_MS;
    try {
      const answer = await postWithin(timeoutMs, clock, { url, headers, body, signal, maxBytes: MAX_ANSWER_BYTES });
      return outcomeOf(answer.status);
    } catch (error) {
      return { error: `http request: ${failureReason(error)}`, retryable: true };
    }
  }
}

/** Converts an answer to an outcome (`handleDeliveryResponse` of the real server); redirects are not followed. */
function outcomeOf(statusCode: number): CallOutcome {
  if (statusCode >= 500) return { statusCode, error: `server error: status ${statusCode}`, retryable: true };
  if (statusCode >= 400) return { statusCode, error: `client error: status ${statusCode}` };
  if (statusCode >= 300) return { statusCode, error: `redirect not followed: status ${statusCode}` };
  return { statusCode };
}
