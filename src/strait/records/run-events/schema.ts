import * as v from "valibot";
import { pageOf } from "../../wire/schemas.ts";
import {
  between,
  freeForm,
  integer,
  number,
  object,
  optional,
  optionalNonZero,
  required,
  string,
} from "../../wire/values.ts";

/** One line of a run's history [strait 3.2]. */
export const runEvent = v.object({
  id: string(),
  run_id: string(),
  type: string(),
  level: v.optional(string()),
  message: string(),
  data: v.optional(freeForm()),
  created_at: string({ format: "date-time" }),
});
export type RunEvent = v.InferOutput<typeof runEvent>;

export const runEventPage = pageOf(runEvent);

/** Body of an executor's `log` [strait 2.2]. */
export const logRequest = object(
  {
    message: required(string()),
    type: optionalNonZero(string()),
    level: optionalNonZero(string()),
    data: optional(freeForm()),
  },
  "SDKLogRequest",
);
export type LogRequest = v.InferOutput<typeof logRequest>;

/** Body of an executor's `progress` [strait 2.3]; the older reference says `eta_secs`. */
export const progressRequest = object(
  {
    percent: between(optional(number()), 0, 100),
    message: required(string()),
    step: optionalNonZero(string()),
    eta_seconds: optionalNonZero(integer()),
    eta_secs: optionalNonZero(integer()),
  },
  "SDKProgressRequest",
);
export type ProgressRequest = v.InferOutput<typeof progressRequest>;
