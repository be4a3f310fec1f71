import { expect } from "vitest";
import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { refused } from "../control.ts";
import { executing, invalid, sdk } from "../given.ts";

const TOO_LONG = "k".repeat(257);

/** State and memory [strait 2.13 to 2.16, 2.20]. */
export const keyCases: readonly ConformanceCase[] = [
  {
    name: "state is kept by key, whatever characters it has",
    given: [executing()],
    steps: [
      sdk("GET /state", undefined, { status: 200, text: "[]\n" }),
      sdk(
        "POST /state",
        { key: "b/ä:1", value: { n: 1 } },
        {
          status: 201,
          json: { run_id: "<run>", state_key: "b/ä:1", value: { n: 1 }, updated_at: expect.any(String) },
        },
      ),
      sdk("POST /state", { key: "a", value: null }, { status: 201, match: { state_key: "a", value: null } }),
      sdk("GET /state", undefined, { status: 200, match: [{ state_key: "a", value: null }, { state_key: "b/ä:1" }] }),
      sdk(`GET /state/${encodeURIComponent("b/ä:1")}`, undefined, { status: 200, match: { value: { n: 1 } } }),
      sdk(`DELETE /state/${encodeURIComponent("b/ä:1")}`, undefined, { status: 204, text: "" }),
      sdk(`DELETE /state/${encodeURIComponent("b/ä:1")}`, undefined, { status: 204 }),
      sdk(`GET /state/${encodeURIComponent("b/ä:1")}`, undefined, { status: 404, refusal: "state key not found" }),
      { send: "GET /v1/runs/<run>/state", status: 200, match: [{ state_key: "a" }] },
    ],
  },
  {
    name: "state has limits",
    given: [executing()],
    steps: [
      sdk("POST /state", {}, invalid("key: failed on 'required'", "value: failed on 'required'")),
      sdk(
        "POST /state",
        { key: TOO_LONG, value: 1 },
        { status: 400, refusal: "state key must be 256 characters or fewer" },
      ),
      sdk(
        "POST /state",
        { key: "k".repeat(256), value: "v".repeat(65_534) },
        { status: 201, match: { state_key: "k".repeat(256) } },
      ),
      sdk(
        "POST /state",
        { key: "k", value: "v".repeat(65_535) },
        { status: 400, refusal: "state value must not exceed 64KB" },
      ),
    ],
  },
  {
    name: "a run keeps no more keys than the server lets it",
    settings: { maxStateKeysPerRun: 2 },
    given: [executing()],
    steps: [
      sdk("POST /state", { key: "a", value: 1 }, { status: 201, match: { state_key: "a" } }),
      sdk("POST /state", { key: "b", value: 1 }, { status: 201, match: { state_key: "b" } }),
      sdk("POST /state", { key: "c", value: 1 }, refused(429, "run has reached maximum state keys (2)")),
      sdk("POST /state", { key: "b", value: 2 }, { status: 201, match: { value: 2 } }),
      sdk("DELETE /state/a", undefined, { status: 204 }),
      sdk("POST /state", { key: "c", value: 1 }, { status: 201, match: { state_key: "c" } }),
      sdk("GET /state", undefined, { status: 200, match: [{ state_key: "b" }, { state_key: "c" }] }),
    ],
  },
  {
    name: "memory is shared by the runs of a job, and by no others",
    given: [executing(), executing({}, "2")],
    steps: [
      sdk(
        "POST /memory/k",
        { value: { n: 1 } },
        {
          status: 201,
          match: { job_id: "<job>", memory_key: "k", value: { n: 1 }, size_bytes: 7 },
        },
      ),
      sdk("GET /memory", undefined, { status: 200, match: [{ memory_key: "k" }] }),
      sdk("GET /memory/", undefined, { status: 200, match: [{ memory_key: "k" }] }),
      sdk("GET /memory/k", undefined, {
        status: 200,
        match: { memory_key: "k" },
        absent: ["ttl_expires_at"],
      }),
      {
        send: "GET <sdk2>/memory/k",
        headers: { authorization: "<auth2>" },
        status: 404,
        refusal: "memory key not found",
      },
      sdk("DELETE /memory/k", undefined, { status: 204, text: "" }),
      sdk("GET /memory", undefined, { status: 200, text: "[]\n" }),
      sdk("DELETE /memory/k", undefined, { status: 204 }),
    ],
  },
  {
    name: "memory with a time to live is gone after it",
    given: [executing()],
    steps: [
      sdk(
        "POST /memory/k",
        { value: 1, ttl_secs: 60 },
        { status: 201, match: { value: 1, ttl_expires_at: TIMESTAMP } },
      ),
      { advance: "59s" },
      sdk("GET /memory/k", undefined, { status: 200, match: { memory_key: "k", value: 1 } }),
      { advance: "1s" },
      sdk("GET /memory/k", undefined, { status: 404, refusal: "memory key not found" }),
      sdk("GET /memory", undefined, { status: 200, text: "[]\n" }),
      sdk(
        "POST /memory/k",
        { value: 1, ttl_secs: 60 },
        { status: 201, match: { value: 1, ttl_expires_at: TIMESTAMP } },
      ),
      sdk("POST /memory/k", { value: 2 }, { status: 201, match: { value: 2 }, absent: ["ttl_expires_at"] }),
    ],
  },
  {
    name: "memory that has expired does not count against the limit",
    settings: { runMaxBodyBytes: 4_000_000 },
    given: [executing()],
    steps: [
      ...Array.from({ length: 10 }, (_, index) =>
        sdk(
          `POST /memory/k${index}`,
          { value: "v".repeat(1_048_574), ttl_secs: 60 },
          { status: 201, match: { size_bytes: 1_048_576 } },
        ),
      ),
      sdk("POST /memory/more", { value: 1 }, { status: 400, refusal: "value exceeds per-job memory limit" }),
      // A run without a heartbeat for a minute is lost.
      { advance: "30s" },
      sdk("POST /heartbeat", undefined, { status: 200, json: { status: "ok" } }),
      { advance: "30s" },
      sdk("POST /memory/more", { value: 1 }, { status: 201, match: { memory_key: "more" } }),
    ],
  },
  {
    name: "memory for longer than there are times is kept until the last",
    ours: "the real server's clock overflows",
    given: [executing()],
    steps: [
      sdk(
        "POST /memory/k",
        { value: 1, ttl_secs: 9_007_199_254_740_991 },
        { status: 201, match: { ttl_expires_at: "9999-12-31T23:59:59.999Z" } },
      ),
    ],
  },
  {
    name: "memory has limits, and the length of its key is checked behind the body",
    settings: { runMaxBodyBytes: 4_000_000 },
    given: [executing()],
    steps: [
      sdk(`POST /memory/${TOO_LONG}`, {}, invalid("value: failed on 'required'")),
      sdk(
        `POST /memory/${TOO_LONG}`,
        { value: 1 },
        { status: 400, refusal: "memory key must be 256 characters or fewer" },
      ),
      sdk(`GET /memory/${TOO_LONG}`, undefined, { status: 404, refusal: "memory key not found" }),
      sdk(`DELETE /memory/${TOO_LONG}`, undefined, { status: 204 }),
      sdk("POST /memory/k", {}, invalid("value: failed on 'required'")),
      sdk(
        "POST /memory/k",
        { value: "v".repeat(1_048_575) },
        { status: 400, refusal: "value exceeds per-key memory limit" },
      ),
      ...Array.from({ length: 10 }, (_, index) =>
        sdk(
          `POST /memory/k${index}`,
          { value: "v".repeat(1_048_574) },
          { status: 201, match: { size_bytes: 1_048_576 } },
        ),
      ),
      sdk("POST /memory/k10", { value: 1 }, { status: 400, refusal: "value exceeds per-job memory limit" }),
      sdk("POST /memory/k0", { value: 1 }, { status: 201, match: { memory_key: "k0" } }),
      sdk("POST /memory/k10", { value: 1 }, { status: 201, match: { memory_key: "k10" } }),
    ],
  },
];
