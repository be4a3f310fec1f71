/** Decisions that people make while agents wait for them. */
class Approvals {
  readonly #decisions = new Map<string, PromiseWithResolvers<string>>();

  /** The decision about something, once it is made. */
  async of(subject: string): Promise<string> {
    const decision = await this.#of(subject).promise;
    this.#decisions.delete(subject);
    return decision;
  }

  decide(subject: string, decision: string): void {
    this.#of(subject).resolve(decision);
  }

  #of(subject: string): PromiseWithResolvers<string> {
    const decision = this.#decisions.get(subject) ?? Promise.withResolvers<string>();
    this.#decisions.set(subject, decision);
    return decision;
  }
}

export const approvals = new Approvals();
