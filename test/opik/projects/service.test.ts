import { expect, test } from "vitest";
import { createOpikLocal } from "../../../src/server.ts";

const OWNER = { workspace: "default", user: "admin" };

test("a project named in a write is made once, whatever the case and the space around its name", async () => {
  await using server = createOpikLocal({ config: { database: ":memory:" } });
  const { projects } = server.opik;
  const id = projects.getOrCreate(OWNER, " My Project ");
  expect(projects.getOrCreate(OWNER, "my project")).toBe(id);
  expect(projects.get(OWNER, id).name).toBe("My Project");
  expect(projects.exists("default", id)).toBe(true);
  expect(projects.exists("elsewhere", id)).toBe(false);
  expect(projects.getOrCreate({ ...OWNER, workspace: "elsewhere" }, "my project")).not.toBe(id);
});

test("a request that names no project uses the default one", async () => {
  await using server = createOpikLocal({ config: { database: ":memory:" } });
  const { projects } = server.opik;
  const id = projects.getOrCreate(OWNER, undefined);
  expect(projects.getOrCreate(OWNER, "  ")).toBe(id);
  expect(projects.idByName(OWNER, "Default Project")).toBe(id);
});
