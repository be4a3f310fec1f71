import { UNFINISHED_STATUSES } from "./state-machine.ts";

/** The statuses of runs that have not ended, as an SQL list: in the order of their index, or SQLite would not use it. */
export const UNFINISHED: string = `(${UNFINISHED_STATUSES.map((status) => `'${status}'`).join(", ")})`;
