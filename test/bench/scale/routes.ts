import { type FilledFile, idAt, RARE, RUNNER_ID } from "./fill.ts";

/** A request whose time is measured. */
export interface MeasuredRoute {
  name: string;
  path: string;
}

const RUNNERS = "/v1/private/local-runners";
const PAGE_SIZE = 25;

/** A filter on the metadata of traces, which the index serves for `=`. */
function byMetadata(value: string, operator = "="): string {
  return encodeURIComponent(JSON.stringify([{ field: "metadata", operator, key: "team", value }]));
}

/** What is asked of a file; deep pages are in the middle of it. */
export function routesOf({ projectId, count, start }: FilledFile): MeasuredRoute[] {
  const middle = start + Math.floor(count / 2);
  const page = Math.floor(count / 2 / PAGE_SIZE);
  const job = idAt(middle, 1);
  const run = idAt(middle, 2);
  const trace = idAt(middle, 4);
  const runs = (query: string): string => `/v1/runs?limit=50&${query}`;
  const traces = (query: string): string => `/v1/private/traces?project_id=${projectId}&page=1&${query}`;
  const cursor = `${new Date(middle).toISOString()}_${run}`;
  const named = { runner: `${RUNNERS}/${RUNNER_ID}/jobs`, project: `project_id=${projectId}` };
  return [
    { name: "runs, newest", path: runs("") },
    { name: "runs, from the middle", path: runs(`cursor=${cursor}`) },
    { name: "runs, status", path: runs("status=failed") },
    { name: "runs, several statuses", path: runs("statuses=failed&statuses=timed_out") },
    { name: "runs, status that none has", path: runs("status=timed_out") },
    { name: "runs, tag", path: runs(`tag_key=team&tag_value=${RARE}`) },
    { name: "runs, tag that none has", path: runs("tag_key=team&tag_value=none") },
    { name: "runs, triggered_by", path: runs(`triggered_by=${RARE}`) },
    { name: "runs, triggered_by that none has", path: runs("triggered_by=none") },
    { name: "runs, error class that none has", path: runs("error_class=timeout") },
    { name: "run", path: `/v1/runs/${run}` },
    { name: "events of a run", path: `/v1/runs/${run}/events` },
    { name: "jobs of a runner, first page", path: `${named.runner}?page=0&size=${PAGE_SIZE}` },
    { name: "jobs of a runner, page in the middle", path: `${named.runner}?page=${page}&size=${PAGE_SIZE}` },
    { name: "jobs of a runner and project", path: `${named.runner}?${named.project}&page=0&size=${PAGE_SIZE}` },
    { name: "job", path: `${RUNNERS}/jobs/${job}` },
    { name: "log of a job", path: `${RUNNERS}/jobs/${job}/logs` },
    { name: "traces, first page", path: `/v1/private/traces?${named.project}&page=1&size=${PAGE_SIZE}` },
    { name: "traces, page in the middle", path: `/v1/private/traces?${named.project}&page=${page}&size=${PAGE_SIZE}` },
    ...[
      ["metadata", byMetadata(RARE)],
      ["metadata that most have", byMetadata("usual")],
      ["metadata that none has", byMetadata("none")],
      ["metadata, without the index", byMetadata("usual", "!=")],
    ].map(([name, filters]) => ({ name: `traces, ${name}`, path: traces(`size=${PAGE_SIZE}&filters=${filters}`) })),
    { name: "trace", path: `/v1/private/traces/${trace}` },
    { name: "spans, first page", path: `/v1/private/spans?${named.project}&page=1&size=${PAGE_SIZE}` },
    { name: "spans of a trace", path: `/v1/private/spans?${named.project}&trace_id=${trace}` },
    { name: "state", path: "/__local/state" },
  ];
}
