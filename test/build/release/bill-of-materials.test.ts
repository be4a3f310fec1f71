import { expect, test } from "vitest";
import { type BillOfMaterials, type Component, reduceToShipped } from "../../../src/build/release/bill-of-materials.ts";

function component(name: string, version: string, isDevelopment: boolean): Component {
  const properties = isDevelopment ? [{ name: "cdx:npm:package:development", value: "true" }] : [];
  return { "bom-ref": `${name}@${version}`, name, version, properties };
}

const ALL: BillOfMaterials = {
  bomFormat: "CycloneDX",
  metadata: { timestamp: "2026-11-28T00:00:00Z", component: component("folder", "0.1.0", false) },
  components: [
    component("better-sqlite3", "13.2.0", false),
    component("h3", "2.0.8", true),
    component("h3", "1.15.11", true),
    component("@scope/bundled", "1.0.0", true),
    component("vitest", "4.1.12", true),
    component("node", "24.21.0", true),
  ],
  dependencies: [
    { ref: "folder@0.1.0", dependsOn: ["better-sqlite3@13.2.0", "h3@2.0.8", "vitest@4.1.12"] },
    { ref: "h3@2.0.8", dependsOn: ["@scope/bundled@1.0.0", "h3@1.15.11"] },
    { ref: "vitest@4.1.12", dependsOn: ["h3@1.15.11"] },
  ],
};
const LICENSES = "h3 2.0.8 (MIT)\n\nMIT License\n---\n\n@scope/bundled 1.0.0 ((BSD-3-Clause OR GPL-2.0))\n\n…";

test("lists what is in the bundles, what is installed, and Node, without tools of development", () => {
  const shipped = reduceToShipped(ALL, { name: "opik-local", licenses: LICENSES });
  expect(shipped.metadata).toMatchObject({ timestamp: "2026-11-28T00:00:00Z", component: { name: "opik-local" } });
  expect(shipped.components).toEqual([
    component("better-sqlite3", "13.2.0", false),
    component("h3", "2.0.8", false),
    component("@scope/bundled", "1.0.0", false),
    expect.objectContaining({
      type: "platform",
      purl: "pkg:generic/node@24.21.0",
      cpe: "cpe:2.3:a:nodejs:node.js:24.21.0:*:*:*:*:*:*:*",
    }),
  ]);
});

test("keeps the dependencies between them, and no reference to anything else", () => {
  expect(reduceToShipped(ALL, { name: "opik-local", licenses: LICENSES }).dependencies).toEqual([
    { ref: "folder@0.1.0", dependsOn: ["better-sqlite3@13.2.0", "h3@2.0.8"] },
    { ref: "h3@2.0.8", dependsOn: ["@scope/bundled@1.0.0"] },
  ]);
});
