import type { Exchange, Interceptor } from "../http/interceptor.ts";
import { RequestRefused } from "../http/route.ts";

/** The header with which a client names the generation of its request. */
const HEADER = "x-opik-local-generation";

const READS: ReadonlySet<string> = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Counts resets and restores, so that a late write of one test does not reach the next one: a client that sends the
 * number of its generation is refused once there is a newer one.
 */
export class Generations implements Interceptor {
  #current = 1;

  /** Counts from 1. */
  get current(): number {
    return this.#current;
  }

  /** Begins the next generation. @returns its number */
  begin(): number {
    this.#current += 1;
    return this.#current;
  }

  /** @throws RequestRefused 409 for a write of an older generation */
  routed({ event, method }: Exchange): undefined {
    const given = event.req.headers.get(HEADER);
    if (given === null || READS.has(method) || Number(given) === this.#current) return;
    throw new RequestRefused(
      409,
      `The request belongs to generation ${given}, but a reset has begun generation ${this.#current}`,
    );
  }
}
