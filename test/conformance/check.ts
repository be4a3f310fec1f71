import { expect } from "vitest";
import type { Reply } from "../support/call.ts";
import type { Expectation } from "./case.ts";
import { fill, type World } from "./world.ts";

/** What a case can say of a body. */
const BODY_EXPECTATIONS = ["text", "contains", "json", "match", "lines", "message", "errors", "refusal"] as const;

/**
 * Compares an answer with all that is expected of it.
 * @param label what was asked, for the message
 * @throws an assertion's error for the first difference
 */
export function check(label: string, expectation: Expectation, reply: Reply, world: Pick<World, "things">): void {
  const { status, text, contains, json, match, lines, absent, message, errors, refusal, answerHeaders } = expectation;
  expect(reply.status, `${label}: ${reply.text}`).toBe(status);
  // Of a body nothing is said: there is none.
  if (!BODY_EXPECTATIONS.some((name) => expectation[name] !== undefined)) expect(reply.text, label).toBe("");
  if (text !== undefined) expect(reply.text, label).toBe(fill(text, world));
  if (contains !== undefined) expect(reply.text, label).toContain(fill(contains, world));
  if (json !== undefined) expect(reply.json, label).toEqual(fill(json, world));
  if (match !== undefined) expect(reply.json, label).toMatchObject(fill(match, world));
  if (lines !== undefined) {
    expect(reply.headers["content-type"], label).toBe("application/octet-stream");
    const texts = reply.text.split("\r\n");
    expect(texts.pop(), `${label}: each object ends with a line break`).toBe("");
    expect(texts.map(parsed), label).toMatchObject(fill(lines, world));
  }
  for (const name of absent ?? []) expect(reply.json, label).not.toHaveProperty([name]);
  if (message !== undefined) {
    const expected = message instanceof RegExp ? expect.stringMatching(message) : fill(message, world);
    expect(reply.json, label).toEqual({ code: status, message: expected });
  }
  if (errors !== undefined) {
    const body = reply.json as { errors?: string[] } | undefined;
    expect({ ...body, errors: body?.errors?.toSorted() }, label).toEqual({ errors: fill(errors, world).toSorted() });
  }
  if (refusal !== undefined) {
    const error = typeof refusal === "string" ? expect.objectContaining({ message: fill(refusal, world) }) : refusal;
    expect(reply.json, label).toEqual({ error, request_id: expect.any(String) });
  }
  if (reply.text !== "" && lines === undefined && !("content-type" in (answerHeaders ?? {})))
    expect(reply.headers["content-type"], label).toMatch(/^application\/json/);
  for (const [name, expected] of Object.entries(answerHeaders ?? {})) {
    const actual = reply.headers[name];
    if (expected instanceof RegExp) expect(actual, `${label}: ${name}`).toMatch(expected);
    else expect(actual, `${label}: ${name}`).toBe(fill(expected, world));
  }
}

function parsed(line: string): unknown {
  return JSON.parse(line);
}
