import type { Answered, Exchange } from "../../http/interceptor.ts";
import type { Answer } from "../../http/route.ts";
import type { ActiveRule } from "./rule.ts";

/** Answers that are given a second time: a poll is answered with a job that was assigned already. */
export class Repeats {
  /** The rules for requests whose answer is to be repeated. */
  readonly #wanted = new WeakMap<Exchange, ActiveRule>();
  /** Answers by method and path. */
  readonly #answers = new Map<string, Answer>();

  /** Repeats the answer of an exchange to the next request of the same method and path. */
  want(exchange: Exchange, rule: ActiveRule): void {
    this.#wanted.set(exchange, rule);
  }

  /** Records the answer, unless it has no effect, such as that of a poll for which no job came: then the next one counts. */
  written(exchange: Exchange, { status, text, routine }: Answered): void {
    const rule = this.#wanted.get(exchange);
    if (rule === undefined) return;
    if (routine || text === undefined || status >= 300) rule.giveBack();
    else this.#answers.set(keyOf(exchange), { status, text, headers: { "content-type": "application/json" } });
  }

  /** Takes the answer that is to be given a second time. */
  take(exchange: Exchange): Answer | undefined {
    if (this.#answers.size === 0) return undefined;
    const key = keyOf(exchange);
    const answer = this.#answers.get(key);
    this.#answers.delete(key);
    return answer;
  }

  clear(): void {
    this.#answers.clear();
  }
}

function keyOf({ method, path }: Exchange): string {
  return `${method} ${path}`;
}
