import type { ConformanceCase, Step } from "../../case.ts";
import { idInLocation } from "../../case.ts";
import { endpointRunner, runningJob } from "../given.ts";

/** One value on its way through the server. */
interface Passage {
  name: string;
  sent: string;
  /** Default: as it was sent. */
  returned?: string;
  ours?: string;
}

const KEEPS_TEXT = "the real server prints the value anew; ours keeps its text, which means the same";

/** Free-form JSON keeps its own text [opik 1.4]. */
const PASSAGES: readonly Passage[] = [
  { name: "a number with a zero fraction", sent: '{"x":1.0}' },
  { name: "a negative zero", sent: '{"x":-0.0}' },
  { name: "an integer beyond 2^53", sent: '{"x":9007199254740993}' },
  { name: "an integer of forty digits", sent: '{"x":1234567890123456789012345678901234567890}' },
  { name: "a number with an exponent", sent: '{"x":1e3}', ours: KEEPS_TEXT },
  { name: "a number beyond a double", sent: '{"x":1E400}', ours: KEEPS_TEXT },
  { name: "more digits than a double has", sent: '{"x":0.1000000000000000055511151231257827}', ours: KEEPS_TEXT },
  { name: "keys in their order, also those that look like numbers", sent: '{"b":1,"a":2,"10":3,"2":4}' },
  { name: "a key named __proto__", sent: '{"__proto__":{"polluted":true},"a":1}' },
  { name: "keys named constructor and toString", sent: '{"constructor":1,"toString":2}' },
  { name: "an empty key", sent: '{"":1}' },
  { name: "nulls inside", sent: '{"a":null,"b":[null,{"c":null}]}' },
  { name: "text beyond ASCII", sent: '{"x":"é\u2028"}' },
  { name: "text beyond the first plane", sent: '{"x":"😀"}', ours: KEEPS_TEXT },
  { name: "escapes", sent: '{"x":"\\u00e9\\ud83d\\ude00\\/"}', ours: KEEPS_TEXT },
  { name: "an escaped zero character", sent: '{"x":"\\u0000"}' },
  { name: "half a surrogate pair", sent: '{"x":"\\ud83d"}', ours: KEEPS_TEXT },
  { name: "white space", sent: '{ "x" : [ 1 , 2 ]\n}', ours: KEEPS_TEXT },
  { name: "duplicate keys, of which every reader takes the last", sent: '{"a":1,"a":2}', ours: KEEPS_TEXT },
  { name: "NaN, as text", sent: '{"x":NaN}', returned: '{"x":"NaN"}' },
  {
    name: "infinities, as text",
    sent: '{"x":[Infinity,-Infinity]}',
    returned: '{"x":["Infinity","-Infinity"]}',
  },
  { name: "NaN inside of text, which is no number", sent: '{"x":"NaN, \\"Infinity\\""}' },
  { name: "NaN alone", sent: "NaN", returned: '"NaN"' },
  { name: "an empty object", sent: "{}" },
  { name: "a list", sent: '[1,[],{"a":[]}]' },
  { name: "text", sent: '"text"' },
  { name: "empty text", sent: '""' },
  { name: "a number", sent: "5" },
  { name: "a boolean", sent: "false" },
  { name: "an explicit null, which is not the same as absent", sent: "null" },
];

function throughInputs({ sent, returned = sent }: Passage): Step[] {
  return [
    {
      send: "POST <runners>/jobs",
      body: `{"agent_name":"echo","project_id":"<project>","inputs":${sent}}`,
      status: 201,
      remember: { job: idInLocation },
    },
    { send: "GET <runners>/jobs/<job>", status: 200, contains: `"inputs":${returned},"project_id"` },
    { send: "GET <runners>/<runner>/jobs", status: 200, contains: `"inputs":${returned},"project_id"` },
    { send: "POST <runners>/<runner>/jobs/next", status: 200, contains: `"inputs":${returned},"project_id"` },
  ];
}

function throughResult({ sent, returned = sent }: Passage): Step[] {
  return [
    { send: "POST <runners>/jobs/<job>/results", body: `{"status":"completed","result":${sent}}`, status: 204 },
    { send: "GET <runners>/jobs/<job>", status: 200, contains: `"result":${returned},"project_id"` },
  ];
}

function throughChecklist({ sent, returned = sent }: Passage): Step[] {
  return [
    { send: "PATCH <runners>/<runner>/checklist", body: `{"v":${sent}}`, status: 204 },
    { send: "GET <runners>/<runner>", status: 200, contains: `"checklist":{"v":${returned}}` },
    { send: "PATCH <runners>/<runner>/checklist", body: '{"w":1}', status: 204 },
    { send: "GET <runners>/<runner>", status: 200, contains: `"checklist":{"v":${returned},"w":1}` },
  ];
}

function caseOf(name: string, passage: Passage, given: ConformanceCase["given"], steps: Step[]): ConformanceCase {
  return { name, given: given ?? [], steps, ...(passage.ours === undefined ? {} : { ours: passage.ours }) };
}

export const jsonPassthroughCases: readonly ConformanceCase[] = PASSAGES.flatMap((passage) => [
  caseOf(`a job's inputs keep ${passage.name}`, passage, [endpointRunner("echo")], throughInputs(passage)),
  caseOf(
    `a job's result keeps ${passage.name}`,
    passage,
    [endpointRunner("echo"), runningJob()],
    throughResult(passage),
  ),
  caseOf(`a checklist keeps ${passage.name}`, passage, [endpointRunner()], throughChecklist(passage)),
]);
