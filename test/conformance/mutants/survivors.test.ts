import { describe, expect, test } from "vitest";
import type { Reply } from "../../support/call.ts";
import type { Expectation } from "../case.ts";
import { survivingAnswers } from "./survivors.ts";

const JSON_TYPE = { "content-type": "application/json" };
const RUNNER: Reply = { status: 200, headers: JSON_TYPE, text: '{"id":"a","n":1}', json: { id: "a", n: 1 } };
const NOTHING: Reply = { status: 204, headers: {}, text: "", json: undefined };
const CREATED: Reply = { ...NOTHING, status: 201, headers: { location: "/things/a" } };
const PLAIN: Reply = { status: 404, headers: { "content-type": "text/plain" }, text: "no page", json: undefined };

describe("what survives", () => {
  test.for<[string, Reply, Expectation, string[]]>([
    ["nothing, of an answer that is said whole", RUNNER, { status: 200, json: { id: "a", n: 1 } }, []],
    ["nothing, of an answer of which a part is said", RUNNER, { status: 200, match: { n: 1 } }, []],
    [
      "other values, when only their kind is said",
      RUNNER,
      { status: 200, match: { n: expect.any(Number) } },
      ["other values"],
    ],
    ["every body, when nothing is said of its fields", RUNNER, { status: 200, match: {} }, ["no body", "other values"]],
    ["nothing, of an answer without a body", NOTHING, { status: 204 }, []],
    ["a part of a text that anything has", NOTHING, { status: 204, contains: "" }, ["a body"]],
    ["nothing, of a header that is said", CREATED, { status: 201, answerHeaders: { location: /^\/things\// } }, []],
    ["nothing, of a header that must not be there", CREATED, { status: 201, answerHeaders: { allow: undefined } }, []],
    [
      "nothing, of a text",
      PLAIN,
      { status: 404, text: "no page", answerHeaders: { "content-type": "text/plain" } },
      [],
    ],
  ])("%s", ([, reply, expectation, survivors]) => {
    expect(survivingAnswers({ reply, expectation }, new Map())).toEqual(survivors);
  });
});
