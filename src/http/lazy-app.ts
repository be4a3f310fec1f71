import type { H3 } from "h3";
import type { ExchangeOptions } from "./exchange.ts";
import { loadWeb } from "./lazy-web.ts";

/** What answers requests: an app of h3, or one that is made with the first request. */
export type App = Pick<H3, "fetch" | "request">;

/** The app of a server, which is made with the first request, or when it is loaded before. */
export class LazyApp implements App {
  readonly #options: ExchangeOptions;
  #app: H3 | undefined;
  #loading: Promise<H3> | undefined;

  constructor(options: ExchangeOptions) {
    this.#options = options;
  }

  /** Makes the app now. Safe to call twice. */
  load(): Promise<H3> {
    return (this.#loading ??= this.#make());
  }

  fetch(...request: Parameters<App["fetch"]>): Response | Promise<Response> {
    return this.#app === undefined ? this.load().then((app) => app.fetch(...request)) : this.#app.fetch(...request);
  }

  request(...request: Parameters<App["request"]>): Response | Promise<Response> {
    return this.#app === undefined ? this.load().then((app) => app.request(...request)) : this.#app.request(...request);
  }

  async #make(): Promise<H3> {
    const [{ createApp }] = await Promise.all([import("./app.ts"), loadWeb()]);
    return (this.#app = createApp(this.#options));
  }
}
