/** Changes that come together cause one update. */
const TOGETHER_MS = 80;
/** After an update that took long, the next one waits so many times as long: a busy server gets a pause between requests. */
const REST = 2;

/**
 * Updates something after changes: once for those that come together, never twice at the same time, and once more when
 * something has changed during an update.
 */
export class Refresher {
  readonly #update: () => Promise<void>;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isRunning = false;
  #isDue = false;
  #isStopped = false;

  /** @param update must not throw */
  constructor(update: () => Promise<void>) {
    this.#update = update;
  }

  /** Updates at once, or after the update that runs. */
  refresh(): void {
    if (this.#isRunning) this.#isDue = true;
    else if (!this.#isStopped) void this.#run();
  }

  /** Something has changed. */
  changed(): void {
    if (this.#isRunning) this.#isDue = true;
    else this.#schedule(TOGETHER_MS);
  }

  /** Updates no more. */
  stop(): void {
    this.#isStopped = true;
    clearTimeout(this.#timer);
  }

  #schedule(delayMs: number): void {
    if (!this.#isStopped) this.#timer ??= setTimeout(() => void this.#run(), delayMs);
  }

  async #run(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#isRunning = true;
    this.#isDue = false;
    const begun = performance.now();
    await this.#update();
    this.#isRunning = false;
    if (this.#isDue) this.#schedule(Math.max(TOGETHER_MS, REST * (performance.now() - begun)));
  }
}
