import type { Background } from "../core/background.ts";
import { inSlices } from "../core/slices.ts";
import type { Database } from "./database.ts";

/** As many pages are read in one slice: a few milliseconds, also from a slow disk. */
const PAGES_OF_SLICE = 256;

export interface PageCheckOptions {
  database: Database;
  /** Called once, with what is damaged. The check has ended then. */
  onDamaged: (damage: string) => void;
}

interface Page {
  /** The table or index that it belongs to. */
  name: string;
  pageno: number;
  pagetype: string;
}

/**
 * Reads all pages of a file that was not closed well, while the server serves: a check at the start would take as long
 * as reading the file. SQLite's own recovery has taken place by then, so that damage is rare.
 */
export class PageCheck implements Background {
  readonly #options: PageCheckOptions;
  /** Ends the check that is running. */
  #cancel: (() => void) | undefined;
  /** Resolves when the check that was started last has ended. */
  finished: Promise<void> = Promise.resolve();

  constructor(options: PageCheckOptions) {
    this.#options = options;
  }

  start(): void {
    const { database } = this.#options;
    if (!database.mustBeChecked || this.#cancel !== undefined) return;
    const snapshot = database.snapshot();
    // One row for each page; SQLite reads a page when its row is asked for.
    const pages = snapshot.prepare<[], Page>("SELECT name, pageno, pagetype FROM dbstat").iterate();
    let isEnded = false;
    this.#cancel = () => {
      if (isEnded) return;
      isEnded = true;
      pages.return?.();
      snapshot.close();
    };
    this.finished = inSlices(() => {
      if (isEnded) return false;
      const { damage, hasMore } = readPages(pages);
      if (hasMore) return true;
      this.stop();
      if (damage !== undefined) this.#options.onDamaged(damage);
      return false;
    });
  }

  /** What was read so far stays read: a reset does not begin again. */
  reset(): void {}

  stop(): void {
    this.#cancel?.();
  }
}

function readPages(pages: Iterator<Page>): { damage?: string; hasMore: boolean } {
  try {
    for (let count = 0; count < PAGES_OF_SLICE; count += 1) {
      const { done, value } = pages.next();
      if (done) return { hasMore: false };
      if (value.pagetype === "corrupted") return { damage: `page ${value.pageno} of ${value.name}`, hasMore: false };
    }
    return { hasMore: true };
  } catch (error) {
    return { damage: error instanceof Error ? error.message : String(error), hasMore: false };
  }
}
