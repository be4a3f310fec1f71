import type { H3 } from "h3";
import type { Dispatcher } from "./dispatcher.ts";
import type { ExchangeOptions } from "./exchange.ts";
import { loadWeb } from "./lazy-web.ts";
import type { RequestEvent } from "./request-event.ts";
import type { AnyResponse } from "./written-response.ts";

/** What answers requests: an app of h3, such as that of `opik-local record`, or the one of a server. */
export interface App extends Pick<H3, "fetch" | "request"> {
  /**
   * Answers a request from the network without h3; left out, h3 reads all requests.
   * @returns the response that is left to be sent; `undefined` when it was written already
   */
  answer?(event: RequestEvent): Promise<AnyResponse | undefined>;
  /** Reports an error because of which an answer could not be sent. @returns the response to send instead */
  answerFailure?(event: RequestEvent, error: unknown): Promise<AnyResponse>;
}

/** The app of a server. What answers requests is loaded with the first one, or before; h3 only when it is needed. */
export class LazyApp implements App {
  readonly #options: ExchangeOptions;
  #dispatcher: Dispatcher | undefined;
  #app: H3 | undefined;
  #loading: Promise<Dispatcher> | undefined;
  #loadingApp: Promise<H3> | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Loads what answers requests from the network. Safe to call twice. */
  load(): Promise<Dispatcher> {
    return (this.#loading ??= this.#makeDispatcher());
  }

  /** Loads h3, too, which answers requests within this process and unusual ones. Safe to call twice. */
  loadAll(): Promise<H3> {
    return (this.#loadingApp ??= this.#makeApp());
  }

  answer(event: RequestEvent): Promise<AnyResponse | undefined> {
    return this.#dispatcher === undefined
      ? this.load().then((dispatcher) => dispatcher.answer(event))
      : this.#dispatcher.answer(event);
  }

  async answerFailure(event: RequestEvent, error: unknown): Promise<AnyResponse> {
    return (await this.load()).answerFailure(event, error);
  }

  fetch(...request: Parameters<App["fetch"]>): Response | Promise<Response> {
    return this.#app === undefined ? this.loadAll().then((app) => app.fetch(...request)) : this.#app.fetch(...request);
  }

  request(...request: Parameters<App["request"]>): Response | Promise<Response> {
    return this.#app === undefined
      ? this.loadAll().then((app) => app.request(...request))
      : this.#app.request(...request);
  }

  async #makeDispatcher(): Promise<Dispatcher> {
    const { createDispatcher } = await import("./dispatcher.ts");
    return (this.#dispatcher = createDispatcher(this.#options));
  }

  async #makeApp(): Promise<H3> {
    const [dispatcher, { createApp }] = await Promise.all([this.load(), import("./app.ts"), loadWeb()]);
    return (this.#app = createApp(dispatcher));
  }
}
