import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const SOURCE = join(import.meta.dirname, "..", "..", "src");

/** The areas that make objects for each request. */
const AREAS = ["core", "http", "opik", "strait", "admin", "bridge"];

/** `this.close = () => {`, `socket.onClose ??= function` */
const ASSIGNED_FUNCTION = /\.#?\w+ (?:\?\?)?= (?:async )?(?:function\b|(?:\([^()]*\)|\w+)(?:: [^={}]+)? =>)/;

/**
 * V8 allocates a function that is assigned to a field as an old object. It then keeps all that it refers to, such as the
 * whole request, in memory until the next full garbage collection: a field of each request cost 3 kB a request.
 */
test("no function is assigned to a field of what is made for a request", () => {
  const files = AREAS.flatMap((area) =>
    readdirSync(join(SOURCE, area), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(area, name)),
  );
  const found = files.flatMap((file) =>
    readFileSync(join(SOURCE, file), "utf8")
      .split("\n")
      .filter((line) => ASSIGNED_FUNCTION.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(files.length).toBeGreaterThan(100);
  expect(found).toEqual([]);
});
