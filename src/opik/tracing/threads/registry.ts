import type { OpikContext } from "../../context.ts";
import { isBlank } from "../../wire/values.ts";
import { ThreadStore } from "./store.ts";
import { type ThreadRow, THREADS } from "./thread.ts";

/** Which thread, and who names it. */
export interface ThreadMention {
  workspace: string;
  project_id: string;
  thread_id: string | null;
  user: string;
}

/** Knows the threads that traces and scores name, and the ids of their models. */
export class ThreadRegistry {
  readonly #context: OpikContext;
  readonly #store: ThreadStore;

  constructor(context: OpikContext) {
    this.#context = context;
    this.#store = new ThreadStore(context.database);
  }

  /** Adds the thread of a trace that is written, or opens it again [opik 7.14]. */
  written({ thread_id, ...mention }: ThreadMention): void {
    if (thread_id !== null && !isBlank(thread_id)) this.#store.mention(this.#newRow({ ...mention, thread_id }));
  }

  /** The thread of that name, which is made when there is none: it can be scored before its traces come. */
  getOrCreate(mention: ThreadMention & { thread_id: string }): ThreadRow {
    const existing = this.#store.find(mention.workspace, mention.project_id, mention.thread_id);
    if (existing !== undefined) return existing;
    const row = this.#newRow(mention);
    this.#store.mention(row);
    return row;
  }

  #newRow({ workspace, project_id, thread_id, user }: ThreadMention & { thread_id: string }): ThreadRow {
    const now = this.#context.clock.now();
    return THREADS.row({
      workspace,
      id: this.#context.ids.uuid(),
      project_id,
      thread_id,
      status: "active",
      created_at: now,
      created_by: user,
      last_updated_at: now,
      last_updated_by: user,
    });
  }
}
