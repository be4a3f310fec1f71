import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { VirtualClock } from "../../src/core/virtual-clock.ts";
import { expectNothingLeft } from "../support/leaks.ts";
import { run, testTerminal } from "./terminal.ts";

const FIXTURE = {
  projects: [{ name: "demo" }],
  runners: [{ name: "laptop", project: "demo", keep_alive: true, agents: [{ name: "echo" }] }],
  jobs: [{ runner: "laptop", agent: "echo", inputs: { text: "from the fixture" } }],
};

/** Functions of the scripts that the tests run: requests to the server of `exec`. */
const SCRIPT = `
  const api = process.env.OPIK_URL_OVERRIDE + "/v1/private/";
  async function call(method, url, body) {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url, { method, headers, body: body && JSON.stringify(body) });
    return { location: response.headers.get("location"), text: await response.text() };
  }
  const { projects, runners } = JSON.parse((await call("GET", process.env.OPIK_LOCAL_URL + "/__local/state")).text);
  const submit = async () =>
    (await call("POST", api + "local-runners/jobs", { project_id: projects[0].id, agent_name: "echo" })).location;
  const next = () => call("POST", api + "local-runners/" + runners[0].id + "/jobs/next");
  const report = (job, result) => call("POST", job + "/results", result);
  const local = (method, path) => call(method, process.env.OPIK_LOCAL_URL + "/__local/" + path);
  const idOf = (job) => job.split("/").at(-1);
  const fail = async (error = "no luck") => {
    const job = await submit();
    await report(job, { status: "failed", error });
    return job;
  };
`;

/** Arguments of `exec` for a script. */
function script(text: string): string[] {
  return ["--", process.execPath, "--input-type=module", "-e", SCRIPT + text];
}

/** Whether a process runs; one that has ended may stay in the list until its new parent has taken notice. */
function isRunning(pid: string): boolean {
  const { stdout } = spawnSync("ps", ["-o", "stat=", "-p", pid], { encoding: "utf8" });
  return stdout.trim() !== "" && !stdout.startsWith("Z");
}

describe.skipIf(process.platform === "win32")("opik-local exec", () => {
  beforeEach(expectNothingLeft);

  test("runs a command with the variables of a server of its own, and ends with its exit code", async () => {
    const terminal = testTerminal({ environment: { PATH: process.env["PATH"], OPIK_API_KEY: "of an account" } });
    const text = `
      const ping = await fetch(process.env.OPIK_URL_OVERRIDE + "/is-alive/ping");
      console.log(JSON.stringify({ status: ping.status, ...process.env }));
      process.exit(3);`;
    const { code, out, error } = await run(
      ["exec", "--", process.execPath, "--input-type=module", "-e", text],
      terminal,
    );
    expect({ code, error }).toEqual({ code: 3, error: "" });
    const variables = JSON.parse(out) as Record<string, string>;
    expect(variables).toMatchObject({
      status: 200,
      OPIK_URL_OVERRIDE: `${variables["OPIK_LOCAL_URL"]}/api`,
      OPIK_WORKSPACE: "default",
      OPIK_API_KEY: "opik-local",
      OPIK_PROJECT_NAME: "Default Project",
      OPIK_SENTRY_ENABLE: "false",
      OPIK_TRACK_DISABLE: "false",
    });
    expect(variables["OPIK_LOCAL_URL"]).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    const configuration = variables["OPIK_CONFIG_PATH"] ?? "";
    expect(configuration).toMatch(/opik\.config$/);
    expect(existsSync(dirname(configuration)), "the folder of the configuration").toBe(false);
    await expect(fetch(variables["OPIK_LOCAL_URL"] ?? "")).rejects.toThrow("fetch failed");
  });

  test("keeps nothing, and takes another port than the one of the folder", async () => {
    const environment = { PATH: process.env["PATH"], OPIK_LOCAL_PORT: "1", OPIK_LOCAL_DB: "kept.db" };
    const terminal = testTerminal({ environment });
    expect(await run(["exec", "--", "ls"], terminal)).toEqual({ code: 0, out: "", error: "" });
  });

  test("loads fixtures and runs on a virtual clock, which the command advances", async () => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "demo.json"), JSON.stringify(FIXTURE));
    const { code, out } = await run(
      [
        ...["exec", "--fixtures", "demo.json", "--clock", "virtual"],
        ...script(`
          const advance = process.env.OPIK_LOCAL_URL + "/__local/clock/advance";
          console.log((await call("POST", advance, { by: "1h" })).text, runners[0].name, process.env.OPIK_PROJECT_NAME);
        `),
      ],
      terminal,
    );
    expect({ code, out }).toEqual({
      code: 0,
      out: '{"clock":"virtual","now":"2026-01-01T01:00:00.000Z","frozen":true} laptop demo\n',
    });
  });

  test("ends what the command has left running", async () => {
    const { code, out } = await run(["exec", "--", "sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"]);
    expect(code).toBe(0);
    expect(isRunning(out.trim())).toBe(false);
  });

  test("kills what does not end by itself", async () => {
    const stubborn = "trap '' TERM; while true; do sleep 0.1; done";
    const { code, out } = await run(["exec", "--", "sh", "-c", `sh -c "${stubborn}" >/dev/null 2>&1 & echo $!`]);
    expect(code).toBe(0);
    expect(isRunning(out.trim())).toBe(false);
  });

  test("forwards a signal once, also when npm sends it a second time", async () => {
    const terminal = testTerminal();
    const text = `
      let count = 0;
      process.on("SIGINT", () => { count += 1; setTimeout(() => process.exit(40 + count), 200); });
      setInterval(() => {}, 1000);
      console.log("ready");`;
    const exited = run(["exec", "--", process.execPath, "-e", text], terminal);
    await terminal.stdout.line(/ready/);
    terminal.signals.emit("SIGINT");
    terminal.signals.emit("SIGINT");
    expect((await exited).code).toBe(41);
    expect(terminal.signals.eventNames()).toEqual([]);
  });

  test("ends with 128 and the number of the signal that ended the command", async () => {
    expect((await run(["exec", "--", "sh", "-c", "kill -TERM $$"])).code).toBe(143);
  });

  test("kills a command that ignores SIGTERM, with all that it has started, after five seconds", async () => {
    const clock = new VirtualClock();
    const terminal = testTerminal({ environment: { PATH: process.env["PATH"] }, clock });
    const stubborn = "trap '' TERM; sh -c 'while true; do sleep 0.1; done' & echo child $!; wait";
    let hasEnded = false;
    const exited = run(["exec", "--", "sh", "-c", stubborn], terminal).finally(() => (hasEnded = true));
    const [, child = ""] = (await terminal.stdout.line(/^child/)).split(" ");
    terminal.signals.emit("SIGTERM");
    await clock.advance(3_000);
    terminal.signals.emit("SIGTERM");
    await clock.advance(1_900);
    expect(isRunning(child)).toBe(true);
    expect(hasEnded).toBe(false);
    await clock.advance(100);
    expect(await exited).toMatchObject({
      code: 137,
      error: "sh did not end within 5 s of SIGTERM, and is killed now.\n",
    });
    expect(isRunning(child)).toBe(false);
  });

  test("waits for a command that ends by SIGTERM in its own time, and then says nothing", async () => {
    const clock = new VirtualClock();
    const terminal = testTerminal({ environment: { PATH: process.env["PATH"] }, clock });
    const text = `
      process.on("SIGTERM", () => console.log("ending"));
      process.once("SIGUSR2", () => process.exit(5));
      setInterval(() => {}, 1000);
      console.log("ready", process.pid);`;
    const exited = run(["exec", "--", process.execPath, "-e", text], terminal);
    const [, pid] = (await terminal.stdout.line(/^ready/)).split(" ");
    terminal.signals.emit("SIGTERM");
    await terminal.stdout.line(/^ending/);
    await clock.advance(4_900);
    process.kill(Number(pid), "SIGUSR2");
    expect(await exited).toMatchObject({ code: 5, error: "" });
    await clock.advance(10_000);
  });

  test("leaves it to the command what SIGINT does", async () => {
    const clock = new VirtualClock();
    const terminal = testTerminal({ environment: { PATH: process.env["PATH"] }, clock });
    const text = `
      process.on("SIGINT", () => console.log("interrupted"));
      process.once("SIGUSR2", () => process.exit(6));
      setInterval(() => {}, 1000);
      console.log("ready", process.pid);`;
    const exited = run(["exec", "--", process.execPath, "-e", text], terminal);
    const [, pid] = (await terminal.stdout.line(/^ready/)).split(" ");
    terminal.signals.emit("SIGINT");
    await terminal.stdout.line(/^interrupted/);
    await clock.advance(60_000);
    expect(isRunning(pid ?? "")).toBe(true);
    process.kill(Number(pid), "SIGUSR2");
    expect(await exited).toMatchObject({ code: 6, error: "" });
  });

  test("ends a command that takes too long, with 124", async () => {
    const { code, error } = await run(["exec", "--timeout", "100ms", "--", "sleep", "60"]);
    expect({ code, error }).toEqual({ code: 124, error: "sleep did not end in time, and is ended now.\n" });
  });

  test("writes the state at the end as a fixture", async () => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "demo.json"), JSON.stringify(FIXTURE));
    const argv = ["exec", "--fixtures", "demo.json", "--export", "end.json", ...script("await submit();")];
    expect(await run(argv, terminal)).toEqual({ code: 0, out: "", error: "" });
    const end = JSON.parse(readFileSync(join(terminal.folder, "end.json"), "utf8")) as { jobs: unknown[] };
    expect(end.jobs).toHaveLength(2);
  });

  test("injects faults", async () => {
    const text = 'console.log((await fetch(process.env.OPIK_URL_OVERRIDE + "/v1/private/projects")).status);';
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "faults.json"), '[{"path":"/v1/private/projects","status":503}]');
    const argv = ["exec", "--faults", "faults.json", "--", process.execPath, "--input-type=module", "-e", text];
    expect(await run(argv, terminal)).toEqual({ code: 0, out: "503\n", error: "" });
  });

  test("writes the requests that were sent as JSON lines", async () => {
    const terminal = testTerminal();
    const argv = ["exec", "--journal", "requests.jsonl", "--", process.execPath, "--input-type=module", "-e"];
    const text = 'await fetch(process.env.OPIK_URL_OVERRIDE + "/is-alive/ping");';
    expect(await run([...argv, text], terminal)).toEqual({ code: 0, out: "", error: "" });
    const [line = "", end] = readFileSync(join(terminal.folder, "requests.jsonl"), "utf8").split("\n");
    expect(JSON.parse(line)).toMatchObject({ method: "GET", path: "/api/is-alive/ping", status: 200 });
    expect(end).toBe("");
  });

  test.for(["--journal", "--export"])("%s says before the command runs that it cannot be written", async (flag) => {
    const terminal = testTerminal();
    const command = [process.execPath, "-e", "require('node:fs').writeFileSync('ran', '')"];
    const { code, error } = await run(["exec", flag, "no/such/folder/file", "--", ...command], terminal);
    expect({ code, files: readdirSync(terminal.folder) }).toEqual({ code: 2, files: [] });
    const path = join(terminal.folder, "no", "such", "folder", "file");
    const missing = join(terminal.folder, "no", "such", "folder");
    expect(error).toBe(
      `${path} cannot be written: the folder ${missing} does not exist. Choose another file with ${flag}.\n`,
    );
  });

  test.for<[string, string, number, RegExp]>([
    [
      "errors",
      "await next(); await report(await submit(), { status: 'failed', error: 'no luck' });",
      1,
      /failed: no luck/,
    ],
    ["errors", "const job = await submit(); await report(job, { status: 'failed' }); await call('GET', job);", 0, /^$/],
    ["errors", "await submit();", 0, /^$/],
    ["errors", "await call('GET', (await fail()) + '/logs');", 0, /^$/],
    ["errors", "await local('GET', 'wait?job=' + idOf(await fail()));", 0, /^$/],
    ["errors", "await local('GET', 'wait?status=completed&job=' + idOf(await fail()));", 0, /^$/],
    ["errors", "await local('GET', 'why?id=' + idOf(await fail()));", 0, /^$/],
    ["errors", "await fail(); await local('GET', 'wait?job=' + idOf(await fail('read')));", 1, /^[^\n]*no luck\.\n$/],
    ["errors", "await fail(); await local('GET', 'why?id=' + idOf(await fail('read')));", 1, /^[^\n]*no luck\.\n$/],
    ["errors", "await fail(); await local('GET', 'wait?runner=laptop');", 1, /no luck/],
    ["errors", "await fetch(await fail(), { headers: { 'Comet-Workspace': 'other' } });", 1, /no luck/],
    ["errors", "await fail(); await local('POST', 'reset');", 1, /no luck/],
    ["errors", "await next(); await local('POST', 'reset');", 0, /^$/],
    ["errors", "await next(); await local('POST', 'reset?all=true&keep=runners');", 0, /^$/],
    ["leftovers", "await submit();", 1, /^The job \S+ \(echo\) is still pending\.\n$/],
    ["leftovers", "await next();", 1, /is still running\./],
    ["leftovers", "", 0, /^$/],
    ["unmatched", "await call('GET', api + 'tracez');", 1, /^GET \S+tracez was refused: .*[^.][.?]\n$/],
    ["unmatched", "await call('GET', api + 'traces/1');", 0, /^$/],
    ["errors,leftovers", "await submit(); process.exit(9);", 9, /still pending/],
  ])("with --fail-on %s, `%s` ends with %i", async ([kinds, text, expected, message]) => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "demo.json"), JSON.stringify(FIXTURE));
    const argv = ["exec", "--fixtures", "demo.json", "--fail-on", kinds, ...script(text)];
    const { code, error } = await run(argv, terminal);
    expect({ code, error }).toEqual({ code: expected, error: expect.stringMatching(message) as string });
  });

  test("reports a failure of before a reset, also when a later job of the same id is read", async () => {
    const terminal = testTerminal();
    writeFileSync(join(terminal.folder, "demo.json"), JSON.stringify(FIXTURE));
    const text = `
      const before = await fail();
      await local("POST", "reset?all=true");
      const after = await fail("read");
      console.log(before === after);
      await call("GET", after);`;
    const options = ["--clock", "virtual", "--fixtures", "demo.json", "--fail-on", "errors"];
    const { code, out, error } = await run(["exec", ...options, ...script(text)], terminal);
    expect({ code, out }).toEqual({ code: 1, out: "true\n" });
    expect(error).toMatch(/^The job \S+ \(echo\) failed: no luck\.\n$/);
  });

  test.for([
    ["nobody has read it", "", 1],
    ["a client has read it", "await send('/v1/runs/' + run.id);", 0],
    ["a client has waited for it", "await send('/__local/wait?run=' + run.id);", 0],
  ] as const)("a failed run: %s", async ([, read, expected]) => {
    const text = `
      const send = async (path, body, token = process.env.OPIK_API_KEY) => {
        const headers = { "content-type": "application/json", authorization: "Bearer " + token };
        const init = { method: body ? "POST" : "GET", headers, body: body && JSON.stringify(body) };
        return (await fetch(process.env.OPIK_LOCAL_URL + path, init)).json();
      };
      const definition = { project_id: "demo", name: "Deploy", slug: "deploy", execution_mode: "worker", max_attempts: 1 };
      const job = await send("/v1/jobs", definition);
      const run = await send("/v1/jobs/" + job.id + "/trigger", {});
      await send("/__local/runs/next", {});
      await send("/sdk/v1/runs/" + run.id + "/fail", { error: "no luck" }, run.run_token);
      ${read}`;
    const { code, error } = await run(["exec", "--fail-on", "errors", ...script(text)]);
    const message = expected === 0 ? /^$/ : /^The run \S+ has failed: no luck\.\n$/;
    expect({ code, error }).toEqual({ code: expected, error: expect.stringMatching(message) as string });
  });

  test("a run that is left is named by its job", async () => {
    const text = `
      const send = async (path, body) => {
        const init = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
        return (await fetch(process.env.OPIK_LOCAL_URL + path, init)).json();
      };
      const job = await send("/v1/jobs", { name: "Deploy", slug: "deploy", execution_mode: "worker" });
      await send("/v1/jobs/" + job.id + "/trigger", {});`;
    const { code, error } = await run(["exec", "--fail-on", "leftovers", ...script(text)]);
    expect({ code, error }).toEqual({
      code: 1,
      error: expect.stringMatching(/^The run \S+ \(deploy\) is still queued\.\n$/) as string,
    });
  });

  test.for<[string[], number, string]>([
    [[], 2, "Which command? Write it after two dashes: `opik-local exec -- npm test`."],
    [["npm", "test"], 2, 'Unexpected argument "npm". See `opik-local exec --help`.'],
    [["--clock", "sun", "--", "ls"], 2, '--clock is "sun", but should be system or virtual.'],
    [["--fail-on", "errors,all", "--", "ls"], 2, '--fail-on has "all", but takes errors, leftovers, unmatched.'],
    [["--timeout", "soon", "--", "ls"], 2, '--timeout is "soon", but should be a duration such as 30s or 10m.'],
    [["--", "no-such-command"], 127, "There is no command no-such-command. Check its name and your PATH."],
    [["--", "/"], 126, "/ cannot be executed: this user has no permission."],
    [["--fixtures", "nowhere.yaml", "--", "ls"], 2, "nowhere.yaml"],
  ])("refuses %j with exit code %i", async ([argv, expected, message]) => {
    const { code, out, error } = await run(["exec", ...argv]);
    expect({ code, out }).toEqual({ code: expected, out: "" });
    expect(error).toContain(message);
  });

  test("leaves the flags after the two dashes to the command", async () => {
    const { code, out } = await run(["exec", "--", "echo", "--help", "--json"]);
    expect({ code, out }).toEqual({ code: 0, out: "--help --json\n" });
    const help = (await run(["exec", "--help"])).out;
    expect(help).toContain("Usage: opik-local exec [flags] -- command [arguments]");
    expect(help, "its own defaults").toMatch(/--port <number> .*\(0\)\n[^]*--db <file> [^-]*\(:memory:\)\n/);
  });

  test("with --verbose shows on the error output what happens in the server", async () => {
    const { error } = await run(["exec", "--verbose", ...script("")]);
    expect(error).toContain("GET    /__local/state 200");
  });
});
