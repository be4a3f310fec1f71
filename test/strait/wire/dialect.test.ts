import { describe, expect, test } from "vitest";
import { createStraitWorld } from "../world.ts";

describe("errors", () => {
  test("have this API's envelope, with the caller's request id or a counted one", async () => {
    await using world = createStraitWorld();
    const named = await world.call("GET", "/v1/jobs/none", undefined, { "x-request-id": "mine" });
    expect(named.text).toBe('{"error":{"code":"not_found","message":"job not found"},"request_id":"mine"}\n');
    const counted = await world.call("GET", "/v1/jobs/none");
    expect(counted.json.request_id).toMatch(/\/.+-\d{6}$/);
  });

  test("of the router are plain text and empty, in this API's areas only", async () => {
    await using world = createStraitWorld();
    const unknown = await world.call("GET", "/v1/runs/a/b/c");
    expect([unknown.status, unknown.text]).toEqual([404, "404 page not found\n"]);
    expect(unknown.headers.get("content-type")).toContain("text/plain");
    const wrongMethod = await world.call("PUT", "/v1/jobs");
    expect([wrongMethod.status, wrongMethod.text]).toEqual([405, ""]);
    const opik = await world.call("GET", "/v1/private/none");
    expect(opik.json.code).toBe(404);
  });

  test("of media types", async () => {
    await using world = createStraitWorld();
    const plain = await world.call("POST", "/v1/jobs", "{}", { "content-type": "text/plain" });
    expect([plain.status, plain.json.error]).toEqual([
      415,
      { code: "internal_error", message: "Content-Type must be application/json" },
    ]);
    const html = await world.call("GET", "/v1/jobs", undefined, { accept: "text/html" });
    expect([html.status, html.json.error.message]).toEqual([406, "this API only serves application/json"]);
  });
});

test("every answer has the headers of this API", async () => {
  await using world = createStraitWorld();
  for (const path of ["/v1/jobs", "/v1/jobs/none", "/v1/runs/a/b/c", "/health/ready"]) {
    const { headers } = await world.call("GET", path);
    expect(headers.get("x-api-version")).toBe("v1");
    expect(headers.get("cache-control")).toBe("no-store");
  }
});

test("/health is what both worlds look for", async () => {
  await using world = createStraitWorld();
  const { json } = await world.call("GET", "/health");
  expect(json).toMatchObject({ healthy: true, status: "ok", timestamp: "2026-01-01T00:00:00Z" });
});

describe("a body", () => {
  const good = '"slug": "s", "endpoint_url": "http://localhost/"';

  test.for([
    [`{"NAME": "a", ${good}, "unknown": 1} trailing`, "names in any case, unknown fields, trailing text"],
    [`{"name": "a", ${good}, "max_attempts": null, "enabled": null}`, "null is not set"],
    [`{"name": "a\\u0000", ${good}}`, "NUL characters are left out"],
    [`{"name": "a", \u0000 ${good}}`, "raw NUL bytes are space"],
  ])("is read as Go reads it: %s", async ([body]) => {
    await using world = createStraitWorld();
    const made = await world.call("POST", "/v1/jobs", body);
    expect([made.status, made.json.name, made.json.enabled, made.json.max_attempts]).toEqual([201, "a", true, 3]);
  });

  test.for([
    ["{", /^invalid request body: unexpected EOF$/],
    ["nope", /^invalid request body: invalid character 'o' in literal null \(expecting 'u'\)$/],
    ['{"name": NaN}', /^invalid request body: invalid character 'N' looking for beginning of value$/],
    ['{"name": 1}', /json: cannot unmarshal number into Go struct field CreateJobRequest\.name of type string$/],
    ['{"tags": {"a": 1}}', /: cannot unmarshal number into Go struct field CreateJobRequest\.tags of type string$/],
    ['{"tags": 1}', /number into Go struct field CreateJobRequest\.tags of type map\[string\]string$/],
    ['{"max_attempts": 1.5}', /number 1\.5 into Go struct field CreateJobRequest\.max_attempts of type int$/],
    ['{"retry_delays_secs": {}}', /object into Go struct field CreateJobRequest\.retry_delays_secs of type \[\]int$/],
    ['{"allowed_tools": [true]}', /bool into Go struct field CreateJobRequest\.allowed_tools of type string$/],
    ["[]", /^invalid request body: json: cannot unmarshal array into Go value of type api\.CreateJobRequest$/],
    ['"a"', /^invalid request body: json: cannot unmarshal string into Go value of type api\.CreateJobRequest$/],
    [`{"payload_schema": ${"[".repeat(501)}${"]".repeat(501)}}`, /^invalid request body: exceeded max depth$/],
    [`{"name": "${"x".repeat(1_048_576)}"}`, /^invalid request body: unexpected EOF$/],
  ] as const)("that is not readable is a 400", async ([body, message]) => {
    await using world = createStraitWorld();
    const answer = await world.call("POST", "/v1/jobs", body);
    expect([answer.status, answer.json.error.code]).toEqual([400, "bad_request"]);
    expect(answer.json.error.message).toMatch(message);
  });

  test("that is empty has no fields; each broken rule is reported once, by its tag", async () => {
    await using world = createStraitWorld();
    const empty = await world.call("POST", "/v1/jobs", "");
    expect([empty.status, empty.json.error]).toEqual([
      422,
      {
        code: "validation_failed",
        message: "validation failed",
        details: ["name: failed on 'required'", "slug: failed on 'required'"],
      },
    ]);
  });

  test("comes back compact, escaped for HTML, with numbers and key order as they were", async () => {
    await using world = createStraitWorld();
    const body = `{"name": "<&>", ${good}, "payload_schema": {"z": 1.0, "a": [ 12345678901234567890 ]}}`;
    const { text } = await world.call("POST", "/v1/jobs", body);
    expect(text).toContain('"name":"\\u003c\\u0026\\u003e"');
    expect(text).toContain('"payload_schema":{"z":1.0,"a":[12345678901234567890]}');
    expect(text.endsWith("}\n")).toBe(true);
  });
});

test.for(["a/b", "a:b", "a b", "a%2Fb", "ä"])("a key in a path is decoded once: %s", async (id) => {
  await using world = createStraitWorld();
  await world.call("POST", "/v1/projects", { id, org_id: "o", name: "name" });
  const found = await world.call("GET", `/v1/projects/${encodeURIComponent(id)}`);
  expect([found.status, found.json.id]).toEqual([200, id]);
});
