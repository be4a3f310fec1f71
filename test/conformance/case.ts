import type { Config } from "../../src/config.ts";
import type { CallOptions, Reply } from "../support/call.ts";
import type { World } from "./world.ts";

/*
 * The wire, case by case. A case is data: requests in order, and what is answered to each.
 *
 *     {
 *       name: "a job for an agent that is not registered is refused",
 *       given: [endpointRunner("echo")],
 *       steps: [
 *         {
 *           send: "POST <runners>/jobs",
 *           body: '{"agent_name":"other","project_id":"<project>"}',
 *           status: 400,
 *           errors: ["Agent 'other' is not registered on this runner"],
 *         },
 *         { send: "GET <runners>/<runner>/jobs", status: 200, match: { total: 0 } },
 *       ],
 *     }
 *
 * To add one, put it into the list of its resource in `cases/`. Each runs against a server of its own and,
 * under `/api`, against one that all cases share.
 *
 * - `given` (see `given.ts`) makes the state and names things; a step may name more with `remember`.
 * - `<name>` in a path, body, header or expectation stands for such a thing. Always there: `<runners>` (the
 *   path of local runners), `<project>` and `<projectname>` (a project of the case's own), `<unknown>` (an id of
 *   nothing).
 * - Bodies given as text are sent to the byte; other values are sent as JSON.
 * - What is expected of an answer: its `status`, and of its body `text` (to the byte), `contains` (a part of the
 *   text), `json` (the whole body), `match` (a part of it), `lines` (a part of each object of a stream), `absent` (fields that must not be there), `message` and
 *   `errors` (the two shapes of errors [opik 1.3]) or `refusal` (the one of executor runs). A case that says nothing
 *   of a body says that there is none. Headers are in `answerHeaders`.
 * - Each case is seen failing: `npm run test:mutants` breaks each answer in many ways (see `mutants/`).
 * - Time stands still; `{ advance: "15s" }` moves it. `{ start: "poll", send }` sends a request without
 *   waiting for its answer, `{ finish: "poll", status }` waits for it.
 * - `{ until: "GET <path>", match }` repeats a request until its answer has this part: for work that the server does after
 *   its answer.
 * - Cases run against any server, too: `OPIK_LOCAL_CONFORMANCE_URL=http://localhost:5173/api npm run test:conformance`,
 *   those with `advance` or `settings` if it is given what they need (see `target.ts`). Those that differ from the
 *   real server on purpose say so with `ours`.
 */

/** One case. */
export interface ConformanceCase {
  /** A sentence about behaviour. */
  name: string;
  /** The settings it needs; it is skipped against a server that was not started for it. */
  settings?: Partial<Config>;
  /** Knows the time or what else is on the server: only a server of its own can play it. */
  alone?: true;
  /** Why no other server answers this way; it is skipped there. */
  ours?: string;
  given?: readonly Arrangement[];
  steps: readonly Step[];
}

/** Makes a part of the state a case begins with. */
export type Arrangement = (world: World) => Promise<void>;

/** A request, as far as the table writes it down. */
export interface StepRequest extends Pick<CallOptions, "body" | "gzip" | "headers"> {
  /** Method and path: `GET <runners>/<runner>`. */
  send: string;
}

/** What an answer must be. */
export interface Expectation {
  status: number;
  text?: string;
  /** A piece of the body's text, to the byte. */
  contains?: string;
  /** The whole body; may hold vitest's matchers. */
  json?: unknown;
  /** A part of the body. */
  match?: object;
  /** A part of each JSON object of a stream of lines; as many as there are lines. */
  lines?: readonly object[];
  /** Fields that the body must not have; besides what it must have. */
  absent?: readonly string[];
  /** The message of the shape `{"code","message"}`. */
  message?: string | RegExp;
  /** The errors of the shape `{"errors":[...]}`, in any order. */
  errors?: readonly string[];
  /** The error of executor runs: its message, or all of it [strait 0.3]. */
  refusal?: string | { code: string; message: string; details?: readonly string[] };
  /** Headers of the answer by name; `undefined` when one must be absent. */
  answerHeaders?: Readonly<Record<string, string | RegExp | undefined>>;
  /** Gives names to parts of the answer, for the steps that follow. */
  remember?: Readonly<Record<string, (reply: Reply) => string>>;
}

/** One line of a case. */
export type Step =
  | (StepRequest & Expectation)
  | (StepRequest & { start: string })
  | ({ finish: string } & Expectation)
  | { until: string; match: object }
  | { advance: string };

/** The id at the end of the `Location` header. */
export function idInLocation(reply: Reply): string {
  return reply.headers.location?.split("/").at(-1) ?? "";
}

/** A text in the body of an answer, by its name. */
export function textAt(field: string): (reply: Reply) => string {
  return ({ json }) => String((json as Readonly<Record<string, unknown>>)[field]);
}
