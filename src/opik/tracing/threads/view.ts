import type { LongList } from "../../../core/long-list.ts";
import { millisecondsBetween, printTimestamp } from "../../../core/timestamps.ts";
import { rowsInParts, type SizedRow } from "../../../database/rows-in-parts.ts";
import type { Owner } from "../../access/owner.ts";
import { jsonField, timeField } from "../../wire/columns.ts";
import { doubleOf } from "../../wire/numbers.ts";
import type { CommentService } from "../comments/service.ts";
import type { FeedbackService } from "../feedback/service.ts";
import { costField } from "../spans/cost.ts";
import type { SpanService } from "../spans/service.ts";
import { truncated } from "../truncation.ts";
import { utc } from "./measures.ts";
import type { Thread } from "./schema.ts";
import type { ThreadStore } from "./store.ts";
import type { ThreadRow } from "./thread.ts";

export interface ThreadViewDependencies {
  spans: SpanService;
  feedback: FeedbackService;
  comments: CommentService;
}

/** Shows threads as answers have them: with what their traces and spans come to, their scores and comments. */
export class ThreadView {
  readonly #store: ThreadStore;
  readonly #dependencies: ThreadViewDependencies;

  constructor(store: ThreadStore, dependencies: ThreadViewDependencies) {
    this.#store = store;
    this.#dependencies = dependencies;
  }

  /** Threads of a list, which are read when they are written. @param truncate whether long messages are cut */
  list({ workspace }: Owner, rows: readonly SizedRow[], truncate: boolean): LongList<Thread> {
    return rowsInParts(rows, (id) => this.#store.findById(workspace, id)).mapParts((part) =>
      this.show(workspace, part, truncate),
    );
  }

  /** Threads as they are now. */
  show(workspace: string, rows: readonly ThreadRow[], truncate: boolean): Thread[] {
    const { feedback, comments } = this.#dependencies;
    const ids = rows.map(({ id }) => id);
    const scoresOf = feedback.scoresOf(workspace, "thread", ids);
    const commentsOn = comments.commentsOn(workspace, "thread", ids);
    return rows.map((row) => ({
      ...this.#toThread(row, truncate),
      feedback_scores: scoresOf(row.id),
      comments: commentsOn(row.id),
    }));
  }

  #toThread(row: ThreadRow, truncate: boolean): Omit<Thread, "feedback_scores" | "comments"> {
    const totals = this.#store.totals(row);
    const start = utc(totals?.start_time);
    const end = utc(totals?.end_time);
    const { usage, total_estimated_cost } = this.#dependencies.spans.summaryOf(
      row.workspace,
      this.#store.traceIds(row),
    );
    const [first, last] = [jsonField(this.#store.firstInput(row)), jsonField(this.#store.lastOutput(row))];
    return {
      id: row.thread_id,
      project_id: row.project_id,
      thread_model_id: row.id,
      start_time: start && printTimestamp(start),
      end_time: end && printTimestamp(end),
      duration: start && end ? doubleOf(millisecondsBetween(start, end)) : undefined,
      first_message: truncate && first ? truncated("input", first) : first,
      last_message: truncate && last ? truncated("output", last) : last,
      status: row.status,
      number_of_messages: 2 * (totals?.traces ?? 0),
      total_estimated_cost: costField(total_estimated_cost),
      usage: usage.size === 0 ? undefined : usage,
      tags: row.tags_json === "[]" ? undefined : jsonField(row.tags_json),
      created_at: timeField(row.created_at),
      created_by: row.created_by,
      last_updated_at: timeField(row.last_updated_at),
      last_updated_by: row.last_updated_by,
      environment: totals?.environment ?? "",
    };
  }
}
