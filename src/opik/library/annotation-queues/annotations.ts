import { inSlices } from "../../../core/slices.ts";
import type { CommentService } from "../../tracing/comments/service.ts";
import type { AverageScore } from "../../tracing/feedback/schema.ts";
import { ScoreAverages } from "../../tracing/feedback/score.ts";
import type { FeedbackService } from "../../tracing/feedback/service.ts";
import type { Scope } from "./schema.ts";

/** The annotations of the items of a queue. */
export interface Annotations {
  /** The averages of scores under the names of the queue. */
  scores: AverageScore[] | undefined;
  /** The users that have scored or commented, with the number of items, in alphabetical order. */
  reviewers: Array<{ username: string; status: number }> | undefined;
}

/** The items, and the names of scores that count. */
export interface AnnotatedItems {
  workspace: string;
  scope: Scope;
  names: readonly string[];
  /** Some items, from the one after `after` on. */
  itemsAfter(after: string | undefined, limit: number): string[];
}

export interface AnnotationsDependencies {
  feedback: FeedbackService;
  comments: CommentService;
}

/** The number of items that are added up at once, so that other requests are answered between. */
const ITEMS_AT_ONCE = 200;

/** Adds up the scores of and comments on the items of queues [opik 9.7]. */
export class AnnotationReader {
  readonly #feedback: FeedbackService;
  readonly #comments: CommentService;

  constructor({ feedback, comments }: AnnotationsDependencies) {
    this.#feedback = feedback;
    this.#comments = comments;
  }

  /** The annotations of these items. */
  async of(items: AnnotatedItems): Promise<Annotations> {
    const averages = new ScoreAverages();
    const counts = new Map<string, number>();
    let after: string | undefined;
    await inSlices(() => {
      const ids = items.itemsAfter(after, ITEMS_AT_ONCE);
      averages.add(this.#scoresOf(items, ids));
      for (const users of this.annotators(items, ids).values())
        for (const user of users) counts.set(user, (counts.get(user) ?? 0) + 1);
      after = ids.at(-1);
      return ids.length === ITEMS_AT_ONCE;
    });
    const reviewers = [...counts].toSorted().map(([username, status]) => ({ username, status }));
    return { scores: averages.result(), reviewers: reviewers.length === 0 ? undefined : reviewers };
  }

  /** The users that have scored each of these items under the names of its queue, or commented on it. */
  annotators(items: Omit<AnnotatedItems, "itemsAfter">, ids: readonly string[]): Map<string, Set<string>> {
    const commentsOn = this.#comments.commentsOn(items.workspace, items.scope, ids);
    const scores = Map.groupBy(this.#scoresOf(items, ids), ({ entity_id }) => entity_id);
    return new Map(
      ids.map((id) => {
        const commented = commentsOn(id)?.map(({ created_by }) => created_by) ?? [];
        const scored = scores.get(id)?.map(({ created_by }) => created_by) ?? [];
        return [id, new Set([...scored, ...commented])];
      }),
    );
  }

  #scoresOf({ workspace, scope, names }: Omit<AnnotatedItems, "itemsAfter">, ids: readonly string[]) {
    return this.#feedback.rowsOf(workspace, scope, ids).filter(({ name }) => names.includes(name));
  }
}
