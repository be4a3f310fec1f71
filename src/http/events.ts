/** What happens at the door, for the console and the request journal. */
export interface HttpEvents {
  /** A request was answered, refused or failed. */
  "http:request:answered": {
    method: string;
    path: string;
    status: number;
    durationMs: number;
    /** The route says that nothing has happened (see `Answer.routine`). */
    routine: boolean;
    /** Of an answer from 400 to 499: what was wrong with the request. */
    reason?: string;
  };
  /** A field of a request's body is none that its route knows: it had no effect. Sent once for each field of a route. */
  "http:field:ignored": {
    method: string;
    /** As the route is written down: `/v1/private/projects/:id`. */
    path: string;
    /** `queue`, `spans[].nme` */
    field: string;
    /** `Did you mean queue_name?`; `""` when no known field has a similar name. */
    hint: string;
  };
  /** A route threw what no API has an answer for. */
  "http:request:failed": { method: string; path: string; error: unknown };
}
