import type { RequestEvent } from "../../../http/request-event.ts";
import type { Answer } from "../../../http/route.ts";
import type { StraitContext } from "../../context.ts";
import type { Caller } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { answerKeyOf } from "./keys.ts";
import { KEPT_ANSWERS, type KeptAnswerRow, KeptAnswerStore } from "./store.ts";

const KEPT_MS = 24 * 3_600_000;

/** Repeats the first successful answer for a request with the same idempotency key [strait 4.2]. */
export class IdempotencyService {
  readonly #context: StraitContext;
  readonly #store: KeptAnswerStore;
  /** Requests that are being answered, by scope and key. */
  readonly #running = new Set<string>();

  constructor(context: StraitContext) {
    this.#context = context;
    this.#store = new KeptAnswerStore(context.database);
  }

  /**
   * Returns the stored answer, else a new one, which is stored for a day when it is a success. The work and the storing
   * are one transaction: a request that is repeated after a crash either finds its answer or has changed nothing.
   * @param read reads the request and gives the function that answers it
   * @throws StraitError 409 while another request with the key is being read
   */
  async once(caller: Caller, event: RequestEvent, read: () => Promise<() => Answer>): Promise<Answer> {
    const key = answerKeyOf(event.req.headers);
    if (key === undefined) return (await read())();
    const path = event.url.pathname.replace(/\/+$/, "");
    const scope = JSON.stringify([caller.projectId ?? "", caller.actor, path, caller.environmentId ?? ""]);
    const kept = this.#store.find(scope, key, this.#context.clock.now());
    if (kept !== undefined) return toReplay(kept);
    const running = JSON.stringify([scope, key]);
    if (this.#running.has(running)) {
      throw new StraitError(409, "a request with this idempotency key is currently being processed");
    }
    this.#running.add(running);
    try {
      const produce = await read();
      return this.#context.database.transaction(() => {
        const answer = produce();
        if (answer.status < 300) this.#keep(scope, key, answer);
        return answer;
      });
    } finally {
      this.#running.delete(running);
    }
  }

  /**
   * Deletes answers that have expired.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteExpired(this.#context.clock.now());
  }

  #keep(scope: string, key: string, answer: Answer): void {
    const row = KEPT_ANSWERS.row({
      scope,
      key,
      status: answer.status,
      headers_json: JSON.stringify(answer.headers ?? {}),
      body: answer.text ?? null,
      expires_at: this.#context.clock.now() + KEPT_MS,
    });
    this.#store.save(row);
  }
}

function toReplay(kept: KeptAnswerRow): Answer {
  const headers = { ...(JSON.parse(kept.headers_json) as Record<string, string>), "idempotency-replayed": "true" };
  return { status: kept.status, headers, ...(kept.body === null ? {} : { text: kept.body }) };
}
