import type { Reply } from "../../support/call.ts";

/** An answer that was broken in one way. */
export interface WrongAnswer {
  /** What is wrong with it. */
  wrong: string;
  reply: Reply;
}

/**
 * The ways in which an answer as a whole can be wrong.
 * @param namedHeaders the headers that the case speaks of
 */
export function wrongAnswers(reply: Reply, namedHeaders: readonly string[]): WrongAnswer[] {
  const { status } = reply;
  return [
    ...[status + 1, status < 300 ? 500 : 200].map((other) => ({
      wrong: `status ${other}`,
      reply: { ...reply, status: other },
    })),
    ...wrongBodies(reply),
    ...namedHeaders.map((name) => wrongHeader(reply, name)),
  ];
}

function wrongBodies(reply: Reply): WrongAnswer[] {
  if (reply.text === "") return [{ wrong: "a body", reply: withJson(reply, { surplus: true }) }];
  const { "content-type": _, ...headers } = reply.headers;
  return [
    { wrong: "no body", reply: { ...reply, text: "", json: undefined } },
    { wrong: "no content type", reply: { ...reply, headers } },
    reply.json === undefined
      ? { wrong: "another text", reply: { ...reply, text: "surplus" } }
      : { wrong: "other values", reply: withJson(reply, other(reply.json)) },
  ];
}

function wrongHeader(reply: Reply, name: string): WrongAnswer {
  const { [name]: header, ...headers } = reply.headers;
  if (header === undefined)
    return { wrong: `a header ${name}`, reply: { ...reply, headers: { ...headers, [name]: "surplus" } } };
  return { wrong: `no header ${name}`, reply: { ...reply, headers } };
}

/** Where a field is: names and, in lists, numbers that lead to it. */
export type FieldPath = readonly (string | number)[];

/** The same answer without a field, and with another value of it. */
export function wrongField(reply: Reply, path: FieldPath): WrongAnswer[] {
  return [
    {
      wrong: "it is missing",
      reply: withJson(
        reply,
        edited(reply.json, path, () => undefined),
      ),
    },
    { wrong: "it has another value", reply: withJson(reply, edited(reply.json, path, other)) },
  ];
}

/** The same answer, written anew: what it fails by is no fault of a broken field. */
export function rewritten(reply: Reply): Reply {
  return withJson(reply, reply.json);
}

/** A copy of a value in which one field was changed; `undefined` takes it away. */
function edited(value: unknown, [name, ...rest]: FieldPath, change: (value: unknown) => unknown): unknown {
  if (name === undefined) return change(value);
  if (Array.isArray(value))
    return value.map((entry, index) => (index === name ? edited(entry, rest, change) : (entry as unknown)));
  return Object.fromEntries(
    Object.entries(value as object)
      .map(([key, field]) => [key, key === name ? edited(field, rest, change) : field] as const)
      .filter(([, field]) => field !== undefined),
  );
}

/** Another value of the same kind; in lists and objects each entry is another one. */
function other(value: unknown): unknown {
  if (typeof value === "string") return `${value}?`;
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.length === 0 ? ["surplus"] : value.map(other);
  if (typeof value !== "object" || value === null) return "surplus";
  const fields = Object.entries(value).map(([key, field]) => [key, other(field)] as const);
  return fields.length === 0 ? { surplus: true } : Object.fromEntries(fields);
}

function withJson(reply: Reply, json: unknown): Reply {
  const headers = { "content-type": "application/json", ...reply.headers };
  return { ...reply, headers, text: JSON.stringify(json), json };
}
