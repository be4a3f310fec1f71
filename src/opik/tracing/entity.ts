/** The kinds of things that have scores and comments. */
export type EntityType = "trace" | "span" | "thread";

/** A thing with scores and comments: of threads the id of their model. */
export interface Entity {
  type: EntityType;
  id: string;
}
