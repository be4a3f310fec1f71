import { expect, test } from "vitest";
import { refuseOldNode } from "../../src/database/driver.ts";

test("an older Node, with which the addon would crash, gets a sentence", () => {
  expect(() => refuseOldNode({ node: "20.20.2", napi: "9" })).toThrow(
    "opik-local needs Node.js 22.14.0 or later with Node-API 10, but this is Node.js 20.20.2 with Node-API 9: " +
      "install a newer Node.js.",
  );
  expect(() => refuseOldNode({ node: "12.0.0" })).toThrow("needs Node.js 22.14.0");
  expect(() => refuseOldNode(process.versions)).not.toThrow();
});
