import type { Reply } from "../../support/call.ts";

/** Counts the writes that a server has acknowledged. */
export class Acknowledgements {
  count = 0;
  #awaited = { count: 0, resolve: (): void => undefined };

  add(): void {
    this.count += 1;
    if (this.count >= this.#awaited.count) this.#awaited.resolve();
  }

  /** Resolves when so many more writes were acknowledged; only the last call of it is answered. */
  untilMore(more: number): Promise<void> {
    return new Promise((resolve) => {
      this.#awaited = { count: this.count + more, resolve };
      if (more === 0) resolve();
    });
  }
}

/** @returns the answer of a success; `undefined` when the server refused or went away */
export async function acknowledgement(reply: Promise<Reply>): Promise<Reply | undefined> {
  try {
    const answer = await reply;
    return answer.status < 300 ? answer : undefined;
  } catch {
    return undefined;
  }
}
