import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createOpikLocal } from "../../src/server.ts";
import type { Operation } from "../support/requests-from-document.ts";
import { NumberRequests, placesIn } from "./number-requests.ts";

/*
 * Sends extreme numbers in every field of the OpenAPI document that is a number, in otherwise valid requests (F9). Any
 * answer in the API's shape will do but a failure, and what was made can be read afterwards.
 */

/** Numbers that are good for most fields, to see that the request is a good one otherwise. */
const ORDINARY = ["1", "300"];
const EXTREMES = [
  ...ORDINARY,
  ...["0", "-0", "-1", "0.5", "1e-7", "2147483647", "2147483648", "-2147483649", "4294967296", "9007199254740993"],
  ...["1e15", "9223372036854775807", "9223372036854775808", "1e21", "1e308", "1e400", "-1e400"],
];

/** Answers to valid numbers: what was waited for has not come (408), there is nothing to replay (409). */
const VALID_ALL_THE_SAME: ReadonlySet<number> = new Set([408, 409]);

const server = createOpikLocal({ config: { database: ":memory:" } });
const requests = new NumberRequests(server);
afterAll(() => server.stop());

const document = (await (await server.request("/openapi.json")).json()) as {
  paths: Record<string, Record<string, Operation>>;
};
const places = placesIn(document.paths);

beforeAll(() => requests.prepare());

describe("extreme numbers are accepted or refused, and never a failure", () => {
  test("the document has numbers", () => {
    expect(places.length).toBeGreaterThan(150);
  });

  test.for(places)("$label", async (place) => {
    const failures: string[] = [];
    let accepted = 0;
    let last = "";
    for (const number of place.path.endsWith("/bridge/commands/next") ? EXTREMES.slice(0, 1) : EXTREMES) {
      const { answer, target, body } = await requests.sendNumber(place, number);
      if (answer.status < 400 || VALID_ALL_THE_SAME.has(answer.status)) accepted += 1;
      last = `${target} ${body} -> ${answer.status} ${answer.text}`;
      const isShaped = answer.status < 400 || /^\{"(?:code|errors|error)"/.test(answer.text);
      if (answer.status >= 500 || !isShaped)
        failures.push(`${number}: ${target} ${body} -> ${answer.status} ${answer.text}`);
      if (answer.status < 400 && !target.includes("/stream")) {
        const read = await requests.send("GET", target.replace(/\/(?:trigger|rotate|bulk|progress|spawn).*$/, ""));
        if (read.status >= 500) failures.push(`${number}: GET ${target} -> ${read.status} ${read.text}`);
      }
    }
    expect(failures).toEqual([]);
    // A request that no number makes valid proves nothing.
    expect(accepted, `some number is accepted: ${last}`).toBeGreaterThan(0);
  });
});

describe("lists", () => {
  test.for([
    "/v1/jobs",
    "/v1/runs",
    "/v1/api-keys",
    "/v1/events",
    "/v1/private/projects",
    "/v1/private/traces?project_name=numbers",
    "/v1/private/environments",
    "/v1/private/datasets",
    "/v1/private/experiments",
    "/v1/private/agent-configs/blueprints/history/projects/00000000-0000-7000-8000-000000000002",
  ])("%s can be read afterwards", async (path) => {
    expect((await requests.send("GET", path)).status).toBe(200);
  });
});
