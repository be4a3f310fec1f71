import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { FileWatch } from "../../src/database/file-watch.ts";
import { openDatabase } from "../../src/database/open.ts";
import { startTestServer } from "../support/server.ts";

const CLI = fileURLToPath(new URL("../support/cli.ts", import.meta.url));

/** Watches two files, and collects those that are reported as lost. */
function startWatch() {
  const parent = mkdtempSync(join(tmpdir(), "opik-local-test-"));
  onTestFinished(() => rmSync(parent, { recursive: true }));
  const folder = join(parent, "data");
  mkdirSync(folder);
  const [file, log] = [join(folder, "a.db"), join(folder, "a.db-wal")];
  writeFileSync(file, "x");
  writeFileSync(log, "x");
  const clock = new VirtualClock();
  const reported: string[] = [];
  const watch = new FileWatch({ clock, paths: [file, log], onLost: (path) => reported.push(path) });
  watch.start();
  onTestFinished(() => watch.stop());
  return { folder, file, log, clock, watch, reported };
}

describe("the watch over the files of a database", () => {
  test("reports a deleted file within a second, once", async () => {
    const { file, clock, watch, reported } = startWatch();
    rmSync(file);
    await clock.advance(1_000);
    expect(reported).toEqual([file]);
    watch.check();
    watch.start();
    await clock.advance(5_000);
    expect(reported).toEqual([file]);
  });

  test.for([
    ["whose folder was deleted", ({ folder }) => rmSync(folder, { recursive: true }), "a.db"],
    ["whose folder was moved", ({ folder }) => renameSync(folder, `${folder}-moved`), "a.db"],
    [
      "that was replaced by another",
      ({ file }) => {
        writeFileSync(`${file}.new`, "y");
        renameSync(`${file}.new`, file);
      },
      "a.db",
    ],
    ["whose log was deleted", ({ log }) => rmSync(log), "a.db-wal"],
  ] satisfies Array<[string, (files: ReturnType<typeof startWatch>) => void, string]>)(
    "reports a file %s",
    ([, spoil, lost]) => {
      const files = startWatch();
      spoil(files);
      files.watch.check();
      expect(files.reported).toEqual([join(files.folder, lost)]);
    },
  );

  test("reports nothing when files are written, when time elapses, and after the stop", async () => {
    const { file, clock, watch, reported } = startWatch();
    writeFileSync(file, "longer than before");
    await clock.advance(10_000);
    watch.check();
    watch.stop();
    rmSync(file);
    watch.check();
    await clock.advance(10_000);
    expect(reported).toEqual([]);
  });
});

describe.skipIf(process.platform === "win32")("a server whose folder is deleted", () => {
  test("answers writes with 503 in each API's own shape, goes on reading, and stops", async () => {
    const folder = mkdtempSync(join(tmpdir(), "opik-local-test-"));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const path = join(folder, "opik-local.db");
    const { call, server, seen } = await startTestServer({ database: path });
    const project = { body: { name: "kept" } };
    expect((await call("POST", "/v1/private/projects", project)).status).toBe(201);
    rmSync(folder, { recursive: true });
    const lost = new Promise((resolve) => {
      onTestFinished(server.events.on("database:lost", resolve));
    });
    expect(await lost).toEqual({ path });

    const message =
      "The database file was deleted, replaced or made read-only: nothing can be stored. The server's console says more.";
    const opik = await call("POST", "/v1/private/projects", { body: { name: "another" } });
    expect({ status: opik.status, body: opik.json }).toEqual({ status: 503, body: { code: 503, message } });
    const local = await call("POST", "/__local/reset");
    expect({ status: local.status, body: local.json }).toEqual({ status: 503, body: { error: { message } } });
    const job = { name: "j", slug: "j", endpoint_url: "http://127.0.0.1:9/", project_id: "p" };
    const strait = await call("POST", "/v1/jobs", { body: job });
    expect({ status: strait.status, body: strait.json }).toMatchObject({
      status: 503,
      body: { error: { code: "service_unavailable", message } },
    });
    const listed = await call("GET", "/v1/private/projects");
    expect(listed.status).toBe(200);
    expect(JSON.stringify(listed.json)).toContain("kept");
    expect(seen.filter(({ name }) => name === "http:request:failed")).toHaveLength(3);
    await server.stop();
  });

  test("says so on the console, leaves the path to another server, and stops in peace", async () => {
    const parent = mkdtempSync(join(tmpdir(), "opik-local-test-"));
    onTestFinished(() => rmSync(parent, { recursive: true }));
    const folder = join(parent, "data");
    const path = join(folder, "opik-local.db");
    const child = spawn(process.execPath, [CLI, "dev", "--quiet", "--port", "0", "--db", path], {
      env: { HOME: parent },
      stdio: ["ignore", "pipe", "pipe"],
    });
    onTestFinished(() => void child.kill("SIGKILL"));
    const exited = once(child, "exit");
    const output = createInterface({ input: child.stdout });
    const errors = createInterface({ input: child.stderr });
    await once(output, "line");
    const reported = once(errors, "line");
    rmSync(folder, { recursive: true });
    expect(String(await reported)).toContain(`${path} was deleted, moved or replaced while the server runs.`);
    const second = openDatabase({
      path,
      durability: "normal",
      events: new EventBus({ now: () => 0, onListenerError: () => undefined }),
      now: new Date(0),
    });
    child.kill("SIGTERM");
    expect(await exited).toEqual([0, null]);
    expect(readdirSync(folder).toSorted()).toEqual([
      ".gitignore",
      "opik-local.db",
      "opik-local.db-shm",
      "opik-local.db-wal",
      "opik-local.db.lock",
    ]);
    second.close();
  });
});
