import { expect, test } from "vitest";
import { createPathTest } from "../../src/admin/path-pattern.ts";

test.for([
  ["/v1/jobs", "/v1/jobs", true],
  ["/v1/jobs", "/v1/jobs/", true],
  ["/v1/jobs", "/api/v1/jobs", true],
  ["/v1/jobs", "/v1/jobs/1", false],
  ["/v1/jobs/", "/v1/jobs", false],
  ["/v1/*/x", "/v1/jobs/x", true],
  ["/v1/*/x", "/v1/jobs/1/x", false],
  ["/v1/j*s", "/v1/jobs", true],
  ["/v1/j*s", "/v1/j/s", false],
  ["/v1/:id", "/v1/1", true],
  ["/v1/:id", "/v1/", false],
  ["/v1/{id}/logs", "/v1/1/logs", true],
  ["/v1/**", "/v1/a/b/c", true],
  ["/v1/**", "/v1", false],
  ["/v1/**/logs", "/v1/a/b/logs", true],
  ["/v1/**/logs", "/v1/logs", false],
  ["**", "/v1/a", true],
  ["/v1/a.c", "/v1/abc", false],
  ["/v1/$&(", "/v1/$&(", true],
] as const)("%s for %s is %s", ([pattern, path, fits]) => {
  expect(createPathTest(pattern)(path)).toBe(fits);
});

test.for(["x".repeat(1_000_000), `/${"*a".repeat(50)}b`, "/**/a".repeat(200)])(
  "a long pattern is tested as well (%#)",
  (pattern) => {
    expect(createPathTest(pattern)(`/${"a".repeat(5_000)}`)).toBe(false);
  },
);
