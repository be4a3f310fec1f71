import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { refused } from "../control.ts";
import { after, executing, queued } from "../given.ts";

const EMPTY = '{"data":[],"has_more":false}\n';

/** Reading runs and what belongs to them [strait 4.4, 0.6]. */
export const runReadCases: readonly ConformanceCase[] = [
  ...(
    [
      ["status=dancing", "status is invalid"],
      ["statuses=queued,delayed", "status is invalid"],
      ["statuses=queued&statuses=dancing", "status is invalid"],
      ["statuses[]=dancing", "status is invalid"],
      ["tag_value=x", "tag_key is required when tag_value is provided"],
      ["metadata_value=x", "metadata_key is required when metadata_value is provided"],
      ["tag_key=a&metadata_key=b", "tag_key and metadata_key filters are mutually exclusive"],
      ["payload_contains={", "payload_contains must be valid JSON"],
      ["execution_mode=x", "execution_mode is invalid"],
      ["error_class=x", "error_class is invalid"],
      ["limit=0", "limit must be a positive integer"],
    ] as const
  ).map(([query, message]) => ({
    name: `runs are not listed with ?${query}`,
    steps: [{ send: `GET /v1/runs?${query}`, ...refused(400, message) }],
  })),
  {
    name: "runs are listed by all that is known of them",
    alone: true,
    given: [
      queued({
        definition: { tags: { team: "a" }, default_run_metadata: { m: "1" } },
        payload: { deep: { list: [1, 2] } },
      }),
      executing({ definition: { tags: { team: "b" } } }, "2"),
    ],
    steps: [
      ...[
        "status=queued",
        "statuses=queued&statuses=delayed",
        "statuses[]=queued&statuses[]=delayed",
        "tag_key=team&tag_value=a",
        "metadata_key=m&metadata_value=1",
      ].map((query) => ({ send: `GET /v1/runs?${query}`, status: 200, match: { data: [{ id: "<run>" }] } })),
      {
        send: `GET /v1/runs?payload_contains=${encodeURIComponent('{"deep":{"list":[2]}}')}`,
        status: 200,
        match: { data: [{ id: "<run>" }] },
      },
      ...["tag_key=team", "triggered_by=manual", "execution_mode=worker", "statuses=queued&statuses=executing"].map(
        (query) => ({
          send: `GET /v1/runs?${query}`,
          status: 200,
          match: { data: [{ id: "<run2>" }, { id: "<run>" }] },
        }),
      ),
      ...["status=failed", "batch_id=none", "error_class=server", "execution_mode=http"].map((query) => ({
        send: `GET /v1/runs?${query}`,
        status: 200,
        text: EMPTY,
      })),
    ],
  },
  {
    name: "runs of the same moment are all found, page by page",
    alone: true,
    given: [queued(), queued({}, "2"), queued({}, "3")],
    steps: [
      {
        send: "GET /v1/runs?limit=2",
        status: 200,
        match: { data: [{ id: "<run3>" }, { id: "<run2>" }], has_more: true },
        remember: { cursor: ({ json }) => encodeURIComponent((json as { next_cursor: string }).next_cursor) },
      },
      {
        send: "GET /v1/runs?limit=2&cursor=<cursor>",
        status: 200,
        json: { data: [expect.objectContaining({ status: "queued" })], has_more: false },
      },
    ],
  },
  {
    name: "events of a run are listed oldest first, and paged forward",
    given: [
      executing(),
      ...["one", "two", "three"].map((message) => after("POST <sdk>/log", { message, level: "warn" }, 201)),
    ],
    steps: [
      {
        send: "GET /v1/runs/<run>/events?limit=2&type=log",
        status: 200,
        match: { data: [{ message: "one" }, { message: "two" }], has_more: true },
        remember: { cursor: ({ json }) => encodeURIComponent((json as { next_cursor: string }).next_cursor) },
      },
      {
        send: "GET /v1/runs/<run>/events?limit=2&type=log&cursor=<cursor>",
        status: 200,
        match: { data: [{ message: "three", level: "warn" }], has_more: false },
      },
      { send: "GET /v1/runs/<run>/events?level=error", status: 200, text: EMPTY },
    ],
  },
  {
    name: "of a new run there is nothing to be read, in the form of each list",
    given: [queued()],
    steps: [
      ...["children", "checkpoints", "outputs", "usage", "tool-calls", "iterations"].map((name) => ({
        send: `GET /v1/runs/<run>/${name}`,
        status: 200,
        text: EMPTY,
      })),
      ...["state", "resources"].map((name) => ({ send: `GET /v1/runs/<run>/${name}`, status: 200, text: "[]\n" })),
      { send: "GET /v1/runs/<run>/lineage", status: 200, match: { data: [{ id: "<run>" }], has_more: false } },
      {
        send: "GET /v1/runs/<run>/dependency-status",
        status: 200,
        text: '{"dependencies":null,"dependencies_satisfied":true,"job_id":"<job>","run_id":"<run>","status":"queued"}\n',
      },
      { send: "GET /v1/runs/<run>/debug-bundle", status: 200, match: { run: { id: "<run>" }, checkpoints: [] } },
    ],
  },
  {
    name: "bounds of resources must be times",
    given: [queued()],
    steps: [
      { send: "GET /v1/runs/<run>/resources?from=x", ...refused(400, "invalid from param: must be RFC3339") },
      { send: "GET /v1/runs/<run>/resources?to=x", ...refused(400, "invalid to param: must be RFC3339") },
      ...["0", "x"].map((limit) => ({
        send: `GET /v1/runs/<run>/resources?limit=${limit}`,
        ...refused(400, "invalid limit param"),
      })),
      { send: "GET /v1/runs/<run>/resources?limit=5000", status: 200, json: [] },
    ],
  },
  {
    name: "resources of a run are listed newest first",
    given: [executing(), ...[1, 2].map((memory_mb) => after("POST <sdk>/resource-snapshot", { memory_mb }, 201))],
    steps: [
      { send: "GET /v1/runs/<run>/resources", status: 200, match: [{ memory_mb: 2 }, { memory_mb: 1 }] },
      { send: "GET /v1/runs/<run>/resources?limit=1", status: 200, match: [{ memory_mb: 2 }] },
    ],
  },
  {
    name: "there are no workflows to be listed",
    steps: [{ send: "GET /v1/workflows", status: 200, text: EMPTY }],
  },
  {
    name: "a run that has ended has no stream",
    given: [executing(), after("POST <sdk>/complete", {}, 200)],
    steps: ["stream", "stream/chunks"].map((name) => ({
      send: `GET /v1/runs/<run>/${name}`,
      headers: { accept: "text/event-stream" },
      status: 410,
      refusal: { code: "internal_error", message: "run already in terminal state" },
    })),
  },
];
