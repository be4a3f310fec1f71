import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { describe, expect, onTestFinished, test } from "vitest";
import { EventBus } from "../../src/core/events.ts";
import { openDatabase } from "../../src/database/open.ts";

const CLI = fileURLToPath(new URL("../support/cli.ts", import.meta.url));
const isSuperuser = process.getuid?.() === 0;
/** The superuser may write everywhere: the server is started as another user then, one that every system has. */
const user = isSuperuser ? { uid: 65_534, gid: 65_534 } : {};
/** On Windows folders have no such rights, and the superuser's own files may be closed to others. */
const canBeTried =
  process.platform !== "win32" && spawnSync(process.execPath, ["--check", CLI], { ...user, env: {} }).status === 0;

/** A folder with a database of the user's own, and what must not change in it. */
function createDatabaseFolder() {
  const parent = mkdtempSync(join(tmpdir(), "opik-local-test-"));
  const folder = join(parent, "data");
  const path = join(folder, "opik-local.db");
  mkdirSync(folder);
  onTestFinished(() => {
    chmodSync(folder, 0o700);
    rmSync(parent, { recursive: true });
  });
  const events = new EventBus<object>({ now: () => 0, onListenerError: () => undefined });
  openDatabase({ path, durability: "normal", events, now: new Date(0) }).close();
  if (isSuperuser) for (const file of [parent, folder, path, `${path}.lock`]) chownSync(file, user.uid ?? 0, 0);
  return {
    folder,
    path,
    contents: () =>
      readdirSync(folder).map((name) => {
        const file = join(folder, name);
        return { name, bytes: readFileSync(file, "base64"), changedAt: statSync(file).mtimeMs };
      }),
  };
}

/** Starts a server that has nothing it may write elsewhere either, and gives what it ended with. */
async function startServer(path: string) {
  const argv = ["dev", "--port", "0", "--db", path];
  const child = spawn(process.execPath, [CLI, ...argv], {
    ...user,
    env: { HOME: "/" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, "exit")]);
  return { code: code as unknown, stdout, stderr };
}

describe.skipIf(!canBeTried)("a server that may not write", () => {
  test.for([
    ["its file", 0o444, 0o755, ["opik-local.db"]],
    ["its folder", 0o644, 0o555, ["the folder"]],
    ["its folder nor its file", 0o444, 0o555, ["opik-local.db", "the folder"]],
  ] as const)("%s says so in one sentence and leaves all as it is", async ([, fileMode, folderMode, named]) => {
    const { folder, path, contents } = createDatabaseFolder();
    rmSync(`${path}.lock`);
    chmodSync(path, fileMode);
    chmodSync(folder, folderMode);
    const before = contents();
    const { code, stdout, stderr } = await startServer(path);
    const files = named.map((name) => (name === "the folder" ? `the folder ${folder}` : join(folder, name)));
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: "",
      stderr: expect.stringContaining(
        `${path} cannot be used: no right to write ${files.join(" and ")}. Change the permissions, or choose another file with --db.`,
      ) as string,
    });
    expect(stderr.trim().split("\n")).toHaveLength(1);
    expect(contents()).toEqual(before);
  });

  test("a lock that another user has left names it", async () => {
    const { path, contents } = createDatabaseFolder();
    chmodSync(`${path}.lock`, 0o444);
    const before = contents();
    const { code, stderr } = await startServer(path);
    expect({ code, stderr }).toEqual({
      code: 1,
      stderr: expect.stringContaining(`no right to write ${path}.lock. Change the permissions`) as string,
    });
    expect(contents()).toEqual(before);
  });

  test("a folder in which the database would be made names it, and makes nothing", async () => {
    const { folder, path } = createDatabaseFolder();
    rmSync(path);
    rmSync(`${path}.lock`);
    chmodSync(folder, 0o555);
    for (const missing of [path, join(folder, "new", "opik-local.db")]) {
      const { code, stderr } = await startServer(missing);
      expect(code).toBe(1);
      expect(stderr).toContain(missing);
      expect(stderr).toMatch(/permission.*[Cc]hoose another file with --db\.\s*$/);
    }
    expect(readdirSync(folder)).toEqual([]);
  });
});
