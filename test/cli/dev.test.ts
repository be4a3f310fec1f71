import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import manifest from "../../package.json" with { type: "json" };
import { createBind } from "../../src/cli/commands/dev/bind.ts";
import { ReadyFile } from "../../src/cli/commands/dev/ready-file.ts";
import { StopSignals } from "../../src/cli/commands/dev/stop-signals.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import type { Listener } from "../../src/http/listener.ts";
import { createOpikLocal } from "../../src/server.ts";
import { run, startDev, testTerminal } from "./terminal.ts";

describe("opik-local dev", () => {
  test("says where it is, what to paste into a shell and where the data is; the ready line comes last", async () => {
    const { terminal, url } = await startDev();
    const prefix = process.platform === "win32" ? "$env:" : "export ";
    expect(terminal.stdout.text).toContain(`${prefix}OPIK_URL_OVERRIDE`);
    expect(terminal.stdout.text).toContain(`${url}/api`);
    expect(terminal.stdout.text).toContain("Data     in memory");
    expect(terminal.stdout.lines.at(-1)).toBe(`opik-local ready on ${url}`);
    expect(terminal.stdout.text, "colours").not.toContain("\u001B");
    expect((await fetch(`${url}/is-alive/ping`)).status).toBe(200);
  });

  test("runs on a virtual clock, and says so", async () => {
    const { terminal, url } = await startDev(["--clock", "virtual"]);
    expect(terminal.stdout.text).toContain("Clock    virtual, at 2026-01-01T00:00:00.000Z");
    const request = { method: "POST", headers: { "content-type": "application/json" }, body: '{"by":"1h"}' };
    const response = await fetch(`${url}/__local/clock/advance`, request);
    expect(await response.json()).toMatchObject({ now: "2026-01-01T01:00:00.000Z" });
    const { code, error } = await run(["dev", "--clock", "sun"]);
    expect({ code, error }).toEqual({ code: 2, error: '--clock is "sun", but should be system or virtual.\n' });
  });

  test("injects the faults of a preset or a file, and says so", async () => {
    const { terminal, url } = await startDev(["--faults", "half-open"]);
    expect(terminal.stdout.text + terminal.stderr.text).toContain("Faults of half-open are injected into requests.");
    const response = await fetch(`${url}/__local/faults`);
    expect(await response.json()).toMatchObject({ faults: [{ preset: "half-open" }, {}, {}] });
    const { code, error } = await run(["dev", "--db", ":memory:", "--port", "0", "--faults", "half-opn"]);
    expect({ code, error }).toEqual({
      code: 2,
      error: 'There is no file of faults and no preset "half-opn". Did you mean half-open?\n',
    });
  });

  test("with a key of its own says where the SDKs take theirs from, and does not show it", async () => {
    const { terminal, url } = await startDev(["--api-key", "k3y"]);
    expect(terminal.stdout.text).toMatch(/OPIK_API_KEY ?= ?"<the key that you chose>"$/m);
    expect(terminal.stdout.text).not.toContain("k3y");
    expect((await fetch(`${url}/v1/jobs`)).status).toBe(401);
  });

  test("ends with 0 on a signal and takes its handlers with it", async () => {
    const { terminal, url, stop } = await startDev();
    expect(terminal.signals.eventNames()).toEqual(["SIGINT", "SIGTERM", "SIGHUP"]);
    expect(await stop()).toBe(0);
    expect(terminal.signals.eventNames()).toEqual([]);
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  test("runs twice in one process", async () => {
    const [first, second] = [await startDev(), await startDev()];
    expect(first.url).not.toBe(second.url);
    expect(await first.stop()).toBe(0);
    expect((await fetch(`${second.url}/is-alive/ping`)).status).toBe(200);
  });

  test("with --json every line is an object, and the ready line says all that a program needs", async () => {
    const { terminal, url, stop } = await startDev(["--json"]);
    await (await fetch(`${url}/nowhere`)).text();
    await stop();
    const lines = terminal.stdout.lines.map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map(({ event }) => event)).toEqual(["ready", "http:request:answered", "stopping", "stopped"]);
    expect(lines[0]).toEqual({
      event: "ready",
      url,
      version: manifest.version,
      pid: process.pid,
      database: ":memory:",
    });
    expect(lines[1]).toMatchObject({ level: "warn", method: "GET", path: "/nowhere", status: 404 });
    expect(lines[1]?.["time"]).toMatch(/^\d{4}-.*Z$/);
  });

  test("warns about a variable that looks like a misspelt setting", async () => {
    const { terminal } = await startDev([], testTerminal({ environment: { OPIK_LOCAL_WORKSPACE: "any" } }));
    expect(terminal.stdout.text).toContain("OPIK_LOCAL_WORKSPACE is no setting. Did you mean OPIK_LOCAL_WORKSPACES?");
  });

  test("with --quiet there is nothing but the ready line", async () => {
    const { terminal, url, stop } = await startDev(["--quiet"]);
    await (await fetch(`${url}/nowhere`)).text();
    await stop();
    expect(terminal.stdout.text).toBe(`opik-local ready on ${url}\n`);
    expect(terminal.stderr.text).toBe("");
  });

  test("shows requests that are refused, and the others only with --verbose", async () => {
    for (const [argv, shown] of [
      [[], false],
      [["--verbose"], true],
    ] as const) {
      const { terminal, url } = await startDev([...argv]);
      await (await fetch(`${url}/is-alive/ping`)).text();
      await (await fetch(`${url}/api/v1/private/local-runners/jobs/0197aaaa-0000-7000-8000-00000000c3f1`)).text();
      expect(await terminal.stdout.line(/jobs/)).toMatch(
        /^GET {4}\/api\/v1\/private\/local-runners\/jobs\/0197…c3f1 404 \d+ ms Job not found: '0197…c3f1'$/,
      );
      expect(terminal.stdout.text.includes("/is-alive/ping 200")).toBe(shown);
    }
  });

  test("keeps its data in .opik-local below the working directory", async () => {
    const terminal = testTerminal();
    const { stop } = await startDev(["--db", ".opik-local/opik-local.db"], terminal);
    expect(terminal.stdout.text).toContain(`Data     ${join(".opik-local", "opik-local.db")}`);
    expect(readdirSync(join(terminal.folder, ".opik-local"))).toContain("opik-local.db");
    await stop();
  });
});

describe("--ready-file", () => {
  test("is written when the server is ready and removed when it stops", async () => {
    const terminal = testTerminal();
    const path = join(terminal.folder, "ready.json");
    const { url, stop } = await startDev(["--ready-file", "ready.json"], terminal);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ event: "ready", url, pid: process.pid });
    expect(readdirSync(terminal.folder), "no draft").toEqual(["ready.json"]);
    await stop();
    expect(existsSync(path)).toBe(false);
  });

  test("of a server that was killed is gone before the next one is ready", () => {
    const { folder } = testTerminal();
    const path = join(folder, "ready.json");
    writeFileSync(path, "stale");
    const file = new ReadyFile(path);
    expect(existsSync(path)).toBe(false);
    file.write("{}");
    expect(readFileSync(path, "utf8")).toBe("{}\n");
  });
});

describe("the port", () => {
  test("that is taken is replaced by the next free one when no port was asked for, and that is printed", async () => {
    const port = await takePort();
    const moved = vi.fn<(from: number, to: number) => void>();
    const listener = await bindOn(createBind({ mayMove: true, onMoved: moved }), port);
    expect(listener.port).toBeGreaterThan(port);
    expect(moved).toHaveBeenCalledWith(port, listener.port, expect.anything());
  });

  test("is not exchanged when it may not be", async () => {
    const port = await takePort();
    const bind = createBind({ mayMove: false, onMoved: () => expect.fail("moved") });
    await expect(bindOn(bind, port)).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining(`Port ${port}`),
    });
  });

  test.for([
    [{}, true],
    [{ CI: "true" }, false],
    [{ CI: "false" }, true],
    [{ OPIK_LOCAL_PORT: "5173" }, false],
  ] as const)("5173 may be exchanged with the environment %j: %s", async ([environment, mayMove]) => {
    // The default port may be free here or not; both are taken care of.
    const holder = createServer();
    await new Promise<void>((resolve) => holder.once("error", () => resolve()).listen(5173, "127.0.0.1", resolve));
    onTestFinished(() => closed(holder));
    const terminal = testTerminal({ environment });
    const exited = run(["dev", "--db", ":memory:"], terminal);
    if (mayMove) {
      expect(await terminal.stdout.line(/is taken/)).toMatch(/Port 5173 is taken.*: using 51\d\d instead\./);
      await terminal.stdout.line(/ready on/);
      terminal.signals.emit("SIGTERM");
    }
    expect((await exited).code).toBe(mayMove ? 0 : 2);
  });

  test.for(["192.0.2.77", "nonsense.invalid"])("on %s, no address of this machine, is exit code 2", async (host) => {
    const error = `${host} is not an address of this machine. Choose another with --host.\n`;
    for (const port of ["0", "6102"]) {
      const dev = run(["dev", "--db", ":memory:", "--host", host, "--port", port]);
      expect(await dev).toEqual({ code: 2, out: "", error });
    }
    const bind = createBind({ mayMove: true, onMoved: () => expect.fail("moved") });
    await expect(bindOn(bind, 0, host)).rejects.toMatchObject({ exitCode: 2 });
  });

  test("on the network is drawn as a QR code with --qr, and printed once", async () => {
    const { terminal, url } = await startDev(["--host", "0.0.0.0", "--qr"]);
    const printed = terminal.stdout.lines.filter((line) => line.includes("http://"));
    expect(printed.some((line) => line.includes("URL      "))).toBe(true);
    expect(printed.filter((line) => line.includes(`URL      ${url}`) || line.includes("Local"))).toHaveLength(1);
    const isOnNetwork = printed.some((line) => line.includes("Network  "));
    expect(/[█▀▄]{8}/u.test(terminal.stdout.text), "only with a network URL there is something to draw").toBe(
      isOnNetwork,
    );
    expect(terminal.stdout.lines.at(-1)).toBe(`opik-local ready on ${url}`);
  });

  test("on the network shows its network URLs and a warning", async () => {
    const { terminal, url } = await startDev(["--host", "0.0.0.0"]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(url, "listhen's default port").not.toContain(":3000");
    expect(terminal.stdout.text).toContain("Careful: everybody on your network");
    expect(terminal.stdout.text).toContain("--api-key keeps them out.\n");
    expect((await fetch(`${url}/is-alive/ping`)).status).toBe(200);
    const guarded = await startDev(["--host", "0.0.0.0", "--api-key", "k3y"]);
    expect(guarded.terminal.stdout.text).not.toContain("Careful");
  });

  test("on the network is the one asked for, or none", async () => {
    const server = createServer();
    const port = await listening(server, "0.0.0.0");
    const { code, error } = await run(["dev", "--db", ":memory:", "--host", "0.0.0.0", "--port", String(port)]);
    expect({ code, error }).toEqual({ code: 2, error: expect.stringContaining(`Port ${port} on 0.0.0.0 is taken`) });
    await closed(server);
  });
});

describe("signals", () => {
  test("that come within 100 ms are one; a later one insists", async () => {
    const clock = new VirtualClock();
    const { signals } = testTerminal();
    const stop = new StopSignals({ signals, clock });
    const insisted = vi.fn<() => void>();
    void stop.insisted.then(insisted);
    signals.emit("SIGINT");
    await stop.requested;
    await clock.advance(99);
    signals.emit("SIGINT");
    await clock.advance(0);
    expect(insisted).not.toHaveBeenCalled();
    await clock.advance(1);
    signals.emit("SIGTERM");
    await stop.insisted;
    stop.dispose();
    expect(signals.eventNames()).toEqual([]);
  });
});

/** A port that is taken until the test ends. */
async function takePort(): Promise<number> {
  const server = createServer();
  onTestFinished(() => closed(server));
  return listening(server);
}

/** Resolves when the port is free again, so that the next test finds it so. */
function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}

function listening(server: Server, host = "127.0.0.1"): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, host, () => resolve((server.address() as AddressInfo).port));
  });
}

async function bindOn(bind: ReturnType<typeof createBind>, port: number, host = "127.0.0.1"): Promise<Listener> {
  const server = createOpikLocal({ config: { database: ":memory:" } });
  onTestFinished(() => server.stop());
  const listener = await bind(server.app, host, port);
  onTestFinished(() => listener.close(0));
  return listener;
}
