import type { ConformanceCase, Step } from "../../case.ts";
import { endpointRunner } from "../given.ts";

const CHECKLIST = "PATCH <runners>/<runner>/checklist";

function patch(body: string): Step {
  return { send: CHECKLIST, body, status: 204, text: "" };
}

function becomes(text: string): Step {
  return { send: "GET <runners>/<runner>", status: 200, contains: `"checklist":${text},"type"` };
}

/** An object in an object, `depth` levels under the outermost. */
function nested(depth: number, innermost: string): string {
  return `${'{"d":'.repeat(depth)}${innermost}${"}".repeat(depth)}`;
}

/** Patching the checklist [opik 2.5]. */
export const checklistCases: readonly ConformanceCase[] = [
  {
    name: "a runner has no checklist before the first patch",
    given: [endpointRunner()],
    steps: [{ send: "GET <runners>/<runner>", status: 200, contains: '"capabilities":["jobs"],"type"' }],
  },
  {
    name: "the first patch is the checklist",
    given: [endpointRunner()],
    steps: [patch('{"b":1,"a":{"x":null},"n":null}'), becomes('{"b":1,"a":{"x":null},"n":null}')],
  },
  {
    name: "an empty patch makes an empty checklist",
    given: [endpointRunner()],
    steps: [patch("{}"), becomes("{}")],
  },
  {
    name: "objects are merged, everything else is replaced",
    given: [endpointRunner()],
    steps: [
      patch('{"keep":1,"list":[1,2],"object":{"a":1,"b":{"c":1}},"text":"x"}'),
      patch('{"list":[3],"object":{"b":{"d":2}},"text":5,"new":true}'),
      becomes('{"keep":1,"list":[3],"object":{"a":1,"b":{"c":1,"d":2}},"text":5,"new":true}'),
    ],
  },
  {
    name: "null overwrites, it does not delete",
    given: [endpointRunner()],
    steps: [patch('{"a":{"b":1},"c":1}'), patch('{"a":null,"c":null}'), becomes('{"a":null,"c":null}')],
  },
  {
    name: "a value of another type replaces",
    given: [endpointRunner()],
    steps: [
      patch('{"a":{"b":1},"c":[1],"d":1}'),
      patch('{"a":[2],"c":{"e":1},"d":{"f":1}}'),
      becomes('{"a":[2],"c":{"e":1},"d":{"f":1}}'),
    ],
  },
  {
    name: "objects are merged ten levels deep and replaced below",
    given: [endpointRunner()],
    steps: [
      patch(nested(10, '{"old":1}')),
      patch(nested(10, '{"new":2}')),
      becomes(nested(10, '{"old":1,"new":2}')),
      patch(nested(11, '{"old":1}')),
      patch(nested(11, '{"new":2}')),
      { send: "GET <runners>/<runner>", status: 200, contains: '"d":{"new":2}' },
    ],
  },
  {
    name: "a key named __proto__ is merged like any other",
    given: [endpointRunner()],
    steps: [
      patch('{"__proto__":{"a":1}}'),
      patch('{"__proto__":{"b":2},"constructor":{}}'),
      becomes('{"__proto__":{"a":1,"b":2},"constructor":{}}'),
    ],
  },
  {
    name: "a checklist is an object",
    given: [endpointRunner()],
    steps: [
      { send: CHECKLIST, body: "[]", status: 400, errors: ["Checklist must be a JSON object"] },
      { send: CHECKLIST, body: '"text"', status: 400, errors: ["Checklist must be a JSON object"] },
      { send: CHECKLIST, body: "5", status: 400, errors: ["Checklist must be a JSON object"] },
      { send: CHECKLIST, body: "null", status: 400, errors: ["Checklist must be a JSON object"] },
      { send: CHECKLIST, body: "NaN", status: 400, errors: ["Checklist must be a JSON object"] },
      { send: CHECKLIST, body: "", status: 422, errors: ["The request body must not be null"] },
      { send: CHECKLIST, body: "{", status: 400, message: /^Unable to process JSON\. / },
    ],
  },
  {
    name: "a patch is checked before its runner is looked for",
    steps: [
      {
        send: "PATCH <runners>/<unknown>/checklist",
        body: "[]",
        status: 400,
        errors: ["Checklist must be a JSON object"],
      },
      { send: "PATCH <runners>/<unknown>/checklist", body: "{}", status: 404, message: "Runner not found: <unknown>" },
    ],
  },
  {
    name: "a merged checklist that grows too large is refused and not stored",
    settings: { bridgeMaxPayloadLength: 41 },
    given: [endpointRunner()],
    steps: [
      patch('{"first":"0123456789"}'),
      patch('{"second":"0123456"}'),
      becomes('{"first":"0123456789","second":"0123456"}'),
      {
        send: CHECKLIST,
        body: '{"third":1}',
        status: 400,
        errors: ["Checklist too large: 51 bytes (max 41)"],
      },
      becomes('{"first":"0123456789","second":"0123456"}'),
    ],
  },
  {
    name: "the size of a checklist is counted in UTF-16 units",
    settings: { bridgeMaxPayloadLength: 16 },
    given: [endpointRunner()],
    steps: [
      patch('{"emoji":"éééé"}'),
      { send: CHECKLIST, body: '{"emoji":"😀😀é"}', status: 400, errors: ["Checklist too large: 17 bytes (max 16)"] },
    ],
  },
];
