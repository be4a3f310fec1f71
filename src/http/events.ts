/** Events of requests, for the console and the request journal. */
export interface HttpEvents {
  /** A request was answered, refused or failed. */
  "http:request:answered": {
    method: string;
    path: string;
    status: number;
    durationMs: number;
    /** Whether the request had no effect (see `Answer.routine`). */
    routine: boolean;
    /** The reason, for a status from 400 to 499. */
    reason?: string;
    /** The ids of the jobs and runs that the query names, when it names any. */
    subjects?: readonly string[];
    /** Set when no route has the path and the method. */
    unmatched?: true;
  };
  /** A field of a request's body is unknown to its route and was ignored. Sent once for each field of a route. */
  "http:field:ignored": {
    method: string;
    /** As the route is written down: `/v1/private/projects/:id`. */
    path: string;
    /** `queue`, `spans[].nme` */
    field: string;
    /** `Did you mean queue_name?`; `""` when no known field has a similar name. */
    hint: string;
  };
  /** A route threw an unexpected error. */
  "http:request:failed": { method: string; path: string; error: unknown };
}
