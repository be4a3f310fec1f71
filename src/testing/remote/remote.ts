/** The methods of a group, each with a promise of its result. */
export type Remote<Group> = {
  readonly [Name in keyof Group]: Group[Name] extends (...parameters: infer Parameters) => infer Result
    ? (...parameters: Parameters) => Promise<Awaited<Result>>
    : never;
};

/** How many traces, jobs and runs are listed. */
export const MAX_LISTED = 1_000;
