import { attempt } from "../core/attempt.ts";
import { type Clock, computerMonotonicTime, type MonotonicTime } from "../core/clock.ts";
import type { EventBus } from "../core/events.ts";
import { toResponse } from "./answer.ts";
import { Deliveries } from "./delivery.ts";
import type { HttpEvents } from "./events.ts";
import { createGuard, type GuardOptions } from "./guard.ts";
import { type Answered, Exchange, type Interceptor } from "./interceptor.ts";
import { NearestRoutes } from "./nearest-route.ts";
import { reasonOf } from "./reason.ts";
import type { RequestEvent } from "./request-event.ts";
import { type Answer, type Api, RequestRefused, type Route } from "./route.ts";
import { refuseDotSegments, targetOf } from "./target.ts";
import { type AnyResponse, isResponse, WrittenResponse, withAddedFields } from "./written-response.ts";

export interface ExchangeOptions extends GuardOptions {
  /** In order: an unknown path is answered by the first one that owns it, else by the first one. */
  apis: readonly [Api, ...Api[]];
  clock: Clock;
  /** Measures how long requests take; default the computer's. */
  monotonicTime?: MonotonicTime | undefined;
  events: EventBus<HttpEvents>;
  /** What is done around each request, in this order. */
  interceptors?: readonly Interceptor[];
}

/** Answers the requests of a route, or those that have none. */
export interface Handler extends Pick<Route, "handle" | "emptyBodyOnError"> {
  /** The route; `undefined` when the request has none. */
  route?: Route;
}

/** An answer as it was made and as it is sent. */
interface Outcome {
  answer: Answer | Response;
  response: AnyResponse;
  /** The body (see `Written`). */
  text: string | undefined;
  refusal?: Refusal;
}

/** An interceptor that has the method of a step. */
type Having<Step extends keyof Interceptor> = Interceptor & Required<Pick<Interceptor, Step>>;

/** Why a request was refused, and the route that was probably meant. */
interface Refusal {
  reason: string;
  nearestRoute?: string | undefined;
}

/**
 * Takes each request through the steps receive → guard → route → read → handle → write → deliver. Reading is a part of
 * handling, because each API has its own order of checks (`http/define-route.ts`). Every error up to and with writing is
 * answered in the shape of the API.
 */
export class ExchangeChain {
  readonly #options: ExchangeOptions;
  readonly #monotonicTime: MonotonicTime;
  readonly #guard: (event: RequestEvent) => Answer | undefined;
  readonly #deliveries = new Deliveries();
  readonly #nearestRoutes: NearestRoutes;
  /** The interceptors of each step. */
  readonly #routing: ReadonlyArray<Having<"routed">>;
  readonly #writing: ReadonlyArray<Having<"written">>;
  readonly #sending: ReadonlyArray<Having<"sending">>;
  readonly #delivering: ReadonlyArray<Having<"delivered">>;

  constructor(options: ExchangeOptions) {
    this.#options = options;
    this.#monotonicTime = options.monotonicTime ?? computerMonotonicTime;
    this.#guard = createGuard(options);
    this.#nearestRoutes = new NearestRoutes(options.apis);
    const { interceptors = [] } = options;
    this.#routing = interceptors.filter((interceptor) => has(interceptor, "routed"));
    this.#writing = interceptors.filter((interceptor) => has(interceptor, "written"));
    this.#sending = interceptors.filter((interceptor) => has(interceptor, "sending"));
    this.#delivering = interceptors.filter((interceptor) => has(interceptor, "delivered"));
  }

  /** Answers a request of `api`. @returns the response that is left to be sent; `undefined` when it was written already */
  async answer(api: Api, handler: Handler, event: RequestEvent): Promise<AnyResponse | undefined> {
    const startedAt = this.#monotonicTime();
    const exchange = this.#receive(api, handler, event);
    let answer: Answer | Response | undefined;
    let outcome: Outcome;
    try {
      answer = this.#guard(event);
      if (answer === undefined) {
        this.#check(exchange);
        answer = (await this.#intercept(exchange)) ?? (await handler.handle(event));
      }
      const written = this.#write(exchange, answer);
      outcome = written instanceof Promise ? await written : written;
    } catch (error) {
      // Writing a very large answer may fail.
      if (answer !== undefined && "onUndelivered" in answer && answer.onUndelivered) {
        attempt(answer.onUndelivered, (failure) => this.fail(exchange, failure));
      }
      outcome = await this.#writeError(exchange, handler, error);
    }
    this.#report(exchange, outcome, this.#monotonicTime() - startedAt);
    return this.#deliver(exchange, outcome);
  }

  /** Reports an error that is not the client's. Also for work outside of a request: thrown in an event of a socket, it would end the process. */
  fail({ method, path }: Pick<Exchange, "method" | "path">, error: unknown): void {
    this.#options.events.emit("http:request:failed", { method, path, error });
  }

  #receive(api: Api, { route }: Handler, event: RequestEvent): Exchange {
    const exchange = new Exchange(event, api, route, this.#options.clock.now());
    event.context["exchange"] = exchange;
    this.#deliveries.received(event);
    return exchange;
  }

  /**
   * Checks what is checked of every request, whether it has a route or not.
   * @throws RequestRefused
   */
  #check({ event, api }: Exchange): void {
    const { refusal } = event.context;
    // A request that could not be parsed (http/broken-requests.ts).
    if (refusal instanceof RequestRefused) throw refusal;
    const target = targetOf(event);
    api.checkTarget?.(target);
    refuseDotSegments(target);
  }

  /** @returns the answer of an interceptor, if one answers instead of the route */
  #intercept(exchange: Exchange): Answer | undefined | Promise<Answer | undefined> {
    for (const [index, interceptor] of this.#routing.entries()) {
      const answer = interceptor.routed(exchange);
      if (answer instanceof Promise) return this.#interceptFrom(index + 1, exchange, answer);
      if (answer !== undefined) return answer;
    }
    return undefined;
  }

  async #interceptFrom(
    next: number,
    exchange: Exchange,
    first: Promise<Answer | undefined>,
  ): Promise<Answer | undefined> {
    let answer = await first;
    for (const interceptor of this.#routing.slice(next)) answer ??= await interceptor.routed(exchange);
    return answer;
  }

  #write(exchange: Exchange, answer: Answer | Response): Outcome | Promise<Outcome> {
    if (isResponse(answer)) return { answer, response: answer, text: undefined };
    const written = toResponse(answer, exchange.api, exchange.event, (error) => this.fail(exchange, error));
    if (written instanceof Promise) return written.then(({ response, text }) => ({ answer, response, text }));
    return { answer, response: written.response, text: written.text };
  }

  async #writeError(exchange: Exchange, { emptyBodyOnError }: Handler, error: unknown): Promise<Outcome> {
    const answer = exchange.api.toAnswer(error, exchange.event);
    if (answer.status < 500) {
      return { ...(await this.#write(exchange, answer)), refusal: this.#refusalOf(exchange, error) };
    }
    this.fail(exchange, error);
    return this.#write(exchange, emptyBodyOnError ? { status: answer.status } : answer);
  }

  #refusalOf({ method, path }: Exchange, error: unknown): Refusal {
    const isWithoutRoute = error instanceof RequestRefused && (error.status === 404 || error.status === 405);
    if (!isWithoutRoute) return { reason: reasonOf(error) };
    const meant = this.#nearestRoutes.find(method, path);
    const hint = meant === undefined ? "" : ` Did you mean ${meant}?`;
    return { reason: `There is no such route.${hint}`, nearestRoute: meant };
  }

  #report(exchange: Exchange, { answer, response, text, refusal }: Outcome, durationMs: number): void {
    const { method, path, fault, subjects } = exchange;
    const { status } = answer;
    const routine = "routine" in answer && answer.routine === true;
    const { reason = fault && `The fault ${fault} was injected.`, nearestRoute: meant } = refusal ?? {};
    this.#options.events.emit("http:request:answered", {
      ...{ method, path, status, durationMs, routine },
      ...(reason === undefined ? {} : { reason }),
      ...(subjects.length === 0 ? {} : { subjects }),
      ...(exchange.route === undefined && status >= 400 ? { unmatched: true } : {}),
    });
    const answered: Answered = {
      ...{ status, durationMs, routine, reason, nearestRoute: meant, text },
      isAssignment: isWatched(answer),
      headers: response instanceof WrittenResponse ? response.fields : response.headers,
    };
    for (const interceptor of this.#writing) interceptor.written(exchange, answered);
  }

  #deliver(
    exchange: Exchange,
    { answer, response }: Outcome,
  ): AnyResponse | undefined | Promise<AnyResponse | undefined> {
    if ("closeConnection" in answer && answer.closeConnection) exchange.event.runtime?.node?.res?.destroy();
    let sent: AnyResponse = response;
    for (const [index, interceptor] of this.#sending.entries()) {
      const changed = interceptor.sending(exchange, sent);
      if (changed instanceof Promise) return this.#sendFrom(index + 1, exchange, answer, changed);
      sent = changed;
    }
    return this.#send(exchange, answer, sent);
  }

  async #sendFrom(
    next: number,
    exchange: Exchange,
    answer: Answer | Response,
    first: Promise<AnyResponse>,
  ): Promise<AnyResponse | undefined> {
    let response = await first;
    for (const interceptor of this.#sending.slice(next)) response = await interceptor.sending(exchange, response);
    return this.#send(exchange, answer, response);
  }

  #send(exchange: Exchange, answer: Answer | Response, response: AnyResponse): AnyResponse | undefined {
    this.#watch(exchange, answer);
    const whole = withAddedFields(response, exchange.event);
    return whole instanceof WrittenResponse && whole.sendTo(exchange.event) ? undefined : whole;
  }

  /** Finds out whether the answer is read, if something depends on it. */
  #watch(exchange: Exchange, answer: Answer | Response): void {
    if (!isWatched(answer)) return;
    const { onDelivered, onUndelivered } = answer;
    const finish = (callback: (() => void) | undefined, isRead: boolean): void => {
      attempt(
        () => callback?.(),
        (error) => this.fail(exchange, error),
      );
      for (const interceptor of this.#delivering) interceptor.delivered(exchange, isRead);
    };
    if (exchange.isLost) {
      finish(onUndelivered, false);
      return;
    }
    this.#deliveries.watch(exchange.event, {
      onDelivered: () => finish(onDelivered, true),
      onUndelivered: () => finish(onUndelivered, false),
    });
  }
}

function has<Step extends keyof Interceptor>(interceptor: Interceptor, step: Step): interceptor is Having<Step> {
  return interceptor[step] !== undefined;
}

/** Whether something depends on whether the answer is read. */
function isWatched(answer: Answer | Response): answer is Answer {
  return !isResponse(answer) && (answer.onDelivered ?? answer.onUndelivered) !== undefined;
}
