import { describe, expect, test } from "vitest";
import { uuidFromName } from "../../../../src/core/ids.ts";
import { RawJson } from "../../../../src/core/json.ts";
import { createBridgeWorld, OWNER, refusal, RUNNER } from "./world.ts";

const never = new AbortController().signal;

describe("submitting a bridge command", () => {
  test("needs a runner of the owner that is connected and has a bridge", async () => {
    const { clock, runners, bridge } = createBridgeWorld();
    const request = { type: "Exec", args: new RawJson("{}"), timeout_seconds: undefined } as const;
    const stranger = { workspace: "elsewhere", user: "admin" };
    expect(refusal(() => bridge.create(stranger, RUNNER, request))).toBe(`404 Runner not found: ${RUNNER}`);

    const id = uuidFromName("other");
    runners.activate(OWNER, { id, projectId: uuidFromName("other project"), type: "connect", name: "x" });
    expect(refusal(() => bridge.create(OWNER, id, request))).toBe("409 Runner does not support bridge commands");
    await clock.advance(15_000);
    expect(refusal(() => bridge.create(OWNER, id, request))).toBe("404 Runner is not connected");
  });

  test.for([
    [undefined, 30],
    [0, 30],
    [-1, 30],
    [5, 5],
    [120, 120],
    [500, 120],
  ] as const)("takes a time-out of %s as %i seconds", ([asked, given]) => {
    const { bridge } = createBridgeWorld();
    const id = bridge.create(OWNER, RUNNER, { type: "Exec", args: new RawJson("{}"), timeout_seconds: asked });
    expect(bridge.get(OWNER, RUNNER, id).timeout_seconds).toBe(given);
  });

  test("is refused while as many as allowed are pending", async () => {
    const { submit, poll } = createBridgeWorld({ bridgeMaxPendingPerRunner: 2 });
    submit();
    submit();
    expect(refusal(() => submit())).toBe("429 Too many pending commands");
    await poll(1);
    submit();
  });

  test("is refused beyond the limit of a minute, where refused calls count too", async () => {
    const { clock, submit } = createBridgeWorld({ bridgeMaxCommandsPerMinute: 2 });
    submit();
    submit();
    await clock.advance(59_999);
    expect(refusal(() => submit())).toBe("429 Rate limit exceeded");
    await clock.advance(1);
    expect(refusal(() => submit({ args: `"${"x".repeat(1_048_576)}"` }))).toMatch(/^400 /);
    submit();
    expect(refusal(() => submit())).toBe("429 Rate limit exceeded");
  });

  test("counts writing commands a second time, against a limit of their own", () => {
    const { submit } = createBridgeWorld({ bridgeMaxCommandsPerMinute: 5, bridgeMaxWriteCommandsPerMinute: 1 });
    submit({ type: "Exec" });
    expect(refusal(() => submit({ type: "WriteFile" }))).toBe("429 Write rate limit exceeded");
    expect(refusal(() => submit({ type: "EditFile" }))).toBe("429 Write rate limit exceeded");
    submit({ type: "ListFiles" });
    submit({ type: "SearchFiles" });
    expect(refusal(() => submit())).toBe("429 Rate limit exceeded");
  });

  test("is refused when its arguments are too long", () => {
    const { submit } = createBridgeWorld({ bridgeMaxPayloadLength: 10 });
    submit({ args: '"12345678"' });
    expect(refusal(() => submit({ args: '"123456789"' }))).toBe("400 args payload too large: 11 bytes (max 10)");
  });
});

describe("polling for bridge commands", () => {
  test("gives the oldest first, 10 at once unless asked for more, never more than 20", async () => {
    const { submit, poll } = createBridgeWorld();
    const ids = Array.from({ length: 45 }, () => submit());
    expect(await poll()).toEqual(ids.slice(0, 10));
    expect(await poll(0)).toEqual(ids.slice(10, 20));
    expect(await poll(3)).toEqual(ids.slice(20, 23));
    expect(await poll(1000)).toEqual(ids.slice(23, 43));
  });

  test("waits, and the first poll is served first", async () => {
    const { submit, poll, openPolls } = createBridgeWorld();
    const [first, second] = [poll(1), poll(1)];
    expect(openPolls.count).toBe(2);
    const ids = [submit(), submit(), submit()];
    expect(await first).toEqual([ids[0]]);
    expect(await second).toEqual([ids[1]]);
    expect(openPolls.count).toBe(0);
  });

  test("is empty when the time is over, and not before", async () => {
    const { clock, poll } = createBridgeWorld();
    let answer: unknown = "open";
    void poll().then((commands) => (answer = commands));
    await clock.advance(29_999);
    expect(answer).toBe("open");
    await clock.advance(1);
    expect(answer).toEqual([]);
  });

  test("has no answer when the server stops", async () => {
    const { bridge, poll } = createBridgeWorld();
    const openPoll = poll();
    bridge.stop();
    expect(await openPoll).toBeUndefined();
    expect(await poll()).toBeUndefined();
  });

  test("ends when the runner is removed, with the answer of the next poll", async () => {
    const { runners, poll } = createBridgeWorld();
    const openPoll = poll();
    runners.disconnect(OWNER, RUNNER);
    await expect(openPoll).rejects.toThrow(`Runner not found: ${RUNNER}`);
  });

  test("takes nothing for a client that has gone", async () => {
    const { bridge, submit, status, poll } = createBridgeWorld();
    const client = new AbortController();
    const openPoll = bridge.next(OWNER, RUNNER, undefined, client.signal);
    const id = submit();
    client.abort();
    await openPoll;
    expect(status(id)).toBe("pending");
    expect(await poll()).toEqual([id]);
  });

  test("a batch that was not read is pending again at its old places", async () => {
    const { submit, poll, bridge, status } = createBridgeWorld();
    const polls = [poll(2), poll(1)];
    const ids = [submit(), submit(), submit(), submit()];
    expect(await Promise.all(polls)).toEqual([ids.slice(0, 2), [ids[2]]]);
    bridge.takeBack(ids.slice(0, 2));
    expect(status(ids[0]!)).toBe("pending");
    expect(bridge.get(OWNER, RUNNER, ids[0]!).picked_up_at).toBeUndefined();
    expect(await poll()).toEqual([ids[0], ids[1], ids[3]]);
  });

  test("a batch that was not read goes to the poll that waits", async () => {
    const { submit, poll, bridge } = createBridgeWorld();
    const polls = [poll(1), poll()];
    const id = submit();
    expect(await polls[0]).toEqual([id]);
    bridge.takeBack([id]);
    expect(await polls[1]).toEqual([id]);
  });

  test("a poll of another client of the runner does not acknowledge a batch, and gets it when it is taken back", async () => {
    const { submit, poll, bridge } = createBridgeWorld();
    const id = submit();
    await poll();
    const living = poll();
    bridge.takeBack([id]);
    expect(await living).toEqual([id]);
  });

  test("a batch that its connection has acknowledged is not taken back", async () => {
    const { submit, poll, bridge, status } = createBridgeWorld();
    const id = submit();
    await poll();
    bridge.acknowledge([id]);
    bridge.takeBack([id]);
    bridge.stop();
    bridge.takeBackUnread();
    expect(status(id)).toBe("picked_up");
  });

  test("a poll of another runner says nothing about a batch", async () => {
    const { submit, poll, runners, bridge, status } = createBridgeWorld();
    const other = uuidFromName("other");
    runners.activate(OWNER, { id: other, projectId: uuidFromName("other project"), type: "connect", name: "x" });
    const id = submit();
    await poll();
    void bridge.next(OWNER, other, undefined, never);
    bridge.takeBack([id]);
    expect(status(id)).toBe("pending");
  });

  test("a command that was reported is not taken back", async () => {
    const { submit, poll, bridge, report, status } = createBridgeWorld();
    const id = submit();
    await poll();
    report(id);
    bridge.takeBack([id]);
    expect(status(id)).toBe("completed");
  });
});

describe("reporting a bridge command", () => {
  test("counts once", async () => {
    const { submit, poll, report, bridge, clock } = createBridgeWorld();
    const id = submit();
    await poll();
    await clock.advance(1_500);
    report(id, { status: "failed", result: undefined, error: new RawJson('{"code":"x"}'), duration_ms: 7 });
    expect(refusal(() => report(id))).toBe("409 Command already completed");
    expect(bridge.get(OWNER, RUNNER, id)).toMatchObject({
      status: "failed",
      error: new RawJson('{"code":"x"}'),
      picked_up_at: "2026-01-01T00:00:00.000Z",
      completed_at: "2026-01-01T00:00:01.500Z",
      duration_ms: 7,
    });
  });

  test("takes a pending command out of the queue", async () => {
    const { submit, poll, report, clock } = createBridgeWorld();
    report(submit());
    const openPoll = poll();
    await clock.advance(30_000);
    expect(await openPoll).toEqual([]);
  });

  test("needs a status that a runner can report, and something to report", () => {
    const { submit, report } = createBridgeWorld();
    const id = submit();
    const invalid = "400 Invalid result status. Must be one of: [COMPLETED, FAILED]";
    for (const status of ["pending", "picked_up", "timed_out"] as const) {
      expect(refusal(() => report(id, { status }))).toBe(invalid);
    }
    expect(refusal(() => report(id, { result: undefined }))).toBe("400 Either result or error must be provided");
    report(id, { result: undefined, error: new RawJson("null") });
  });

  test("needs the runner's own command", () => {
    const { runners, bridge, submit } = createBridgeWorld();
    const id = submit();
    const other = uuidFromName("other");
    runners.activate(OWNER, { id: other, projectId: uuidFromName("other project"), type: "connect", name: "x" });
    expect(refusal(() => bridge.get(OWNER, other, id))).toBe(`404 Command not found: ${id}`);
    expect(refusal(() => bridge.get(OWNER, RUNNER, other))).toBe(`404 Command not found: ${other}`);
  });

  test.for(["result", "error"] as const)("with a %s that is too long is refused and fails the command", (name) => {
    const { submit, report, bridge } = createBridgeWorld({ bridgeMaxPayloadLength: 10 });
    const id = submit();
    const message = `${name} payload too large: 11 bytes (max 10)`;
    const tooLong = { [name]: new RawJson('"123456789"') };
    expect(refusal(() => report(id, tooLong))).toBe(`400 ${message}`);
    const command = bridge.get(OWNER, RUNNER, id);
    expect(command.status).toBe("failed");
    expect(command.error?.parse()).toEqual({ code: "payload_too_large", message });
    expect(
      refusal(() => report(id, tooLong)),
      "the SDK's second try",
    ).toBe(`400 ${message}`);
    expect(refusal(() => report(id))).toBe("409 Command already completed");
  });

  test("that is too long does not change a command of another runner", () => {
    const { submit, bridge, status } = createBridgeWorld({ bridgeMaxPayloadLength: 2 });
    const id = submit();
    const report = {
      status: "completed",
      result: new RawJson("12345"),
      error: undefined,
      duration_ms: undefined,
    } as const;
    expect(refusal(() => bridge.report({ workspace: "elsewhere", user: "admin" }, RUNNER, id, report))).toMatch(/^400/);
    expect(status(id)).toBe("pending");
  });
});

describe("waiting for the end of a bridge command", () => {
  test("ends all waits for the command", async () => {
    const { bridge, submit, report, openPolls } = createBridgeWorld();
    const id = submit();
    const waits = [1, 2, 3].map(() => bridge.getWhenEnded(OWNER, RUNNER, id, 30, never));
    expect(openPolls.count).toBe(3);
    report(id);
    const statuses = (await Promise.all(waits)).map((command) => command.status);
    expect(statuses).toEqual(["completed", "completed", "completed"]);
    expect(openPolls.count).toBe(0);
  });

  test("returns at once when it has ended", async () => {
    const { bridge, submit, report } = createBridgeWorld();
    const id = submit();
    report(id);
    expect((await bridge.getWhenEnded(OWNER, RUNNER, id, 30, never)).status).toBe("completed");
  });

  test("answers after the time with the command as it is then", async () => {
    const { clock, bridge, submit, poll } = createBridgeWorld();
    const id = submit();
    const wait = bridge.getWhenEnded(OWNER, RUNNER, id, 5, never);
    await poll();
    await clock.advance(5_000);
    expect((await wait).status).toBe("picked_up");
  });

  test.for([
    [-5, 1_000],
    [0, 1_000],
    [1_000, 120_000],
  ] as const)("for %i seconds takes %i ms", async ([asked, givenMs]) => {
    const { clock, bridge, submit, openPolls } = createBridgeWorld();
    void bridge.getWhenEnded(OWNER, RUNNER, submit({ timeout: 120 }), asked, never);
    await clock.advance(givenMs - 1);
    expect(openPolls.count).toBe(1);
    await clock.advance(1);
    expect(openPolls.count).toBe(0);
  });

  test("ends when the command expires", async () => {
    const { clock, bridge, submit } = createBridgeWorld();
    const id = submit({ timeout: 1 });
    const outcome = bridge.getWhenEnded(OWNER, RUNNER, id, 120, never).catch((error: Error) => error.message);
    await clock.advance(62_000);
    expect(await outcome).toBe(`Command not found: ${id}`);
  });
});

describe("the deadline of a bridge command", () => {
  test.for(["connect", "endpoint"] as const)(
    "is its time-out and 10 s after it was picked up, for a runner of type %s",
    async (type) => {
      const { clock, bridge, submit, poll, status, report } = createBridgeWorld({}, type);
      const id = submit({ timeout: 5 });
      await clock.advance(3_000);
      await poll();
      const wait = bridge.getWhenEnded(OWNER, RUNNER, id, 120, never);
      await clock.advance(14_999);
      expect(status(id)).toBe("picked_up");
      await clock.advance(1);
      expect((await wait).status).toBe("timed_out");
      expect(refusal(() => report(id))).toBe("409 Command already completed");
    },
  );

  test("of a command that is not picked up is twice its time-out and 60 s; it is deleted then and counts no more", async () => {
    const { clock, submit, status, changes } = createBridgeWorld({ bridgeMaxPendingPerRunner: 1 });
    const id = submit({ timeout: 5 });
    await clock.advance(69_999);
    expect(status(id)).toBe("pending");
    await clock.advance(1);
    expect(refusal(() => status(id))).toBe(`404 Command not found: ${id}`);
    expect(changes.at(-1)).toEqual({ id, from: "pending", to: "timed_out" });
    submit();
  });

  test("of one that was taken back is that of a pending one again", async () => {
    const { clock, bridge, submit, poll, status } = createBridgeWorld();
    const id = submit({ timeout: 5 });
    await poll();
    bridge.takeBack([id]);
    await clock.advance(69_999);
    expect(status(id)).toBe("pending");
    await clock.advance(1);
    expect(refusal(() => status(id))).toBe(`404 Command not found: ${id}`);
  });

  test("is kept over a restart", async () => {
    const { clock, bridge, submit, poll, status, restart } = createBridgeWorld();
    const [pickedUp, pending] = [submit({ timeout: 5 }), submit({ timeout: 5 })];
    await poll(1);
    bridge.acknowledge([pickedUp]);
    await clock.advance(50);
    restart();
    await clock.advance(14_950);
    expect(status(pickedUp)).toBe("timed_out");
    await clock.advance(55_000);
    expect(refusal(() => status(pending))).toBe(`404 Command not found: ${pending}`);
  });
});

describe("commands and their runner", () => {
  test("a removed runner's commands time out, and waits for them end", async () => {
    const { runners, bridge, submit, poll, changes } = createBridgeWorld();
    const [pickedUp, pending] = [submit(), submit()];
    await poll(1);
    const waits = [pickedUp, pending].map((id) => bridge.getWhenEnded(OWNER, RUNNER, id, 30, never));
    runners.disconnect(OWNER, RUNNER);
    expect((await Promise.all(waits)).map((command) => command.status)).toEqual(["timed_out", "timed_out"]);
    expect(changes.slice(-2)).toEqual([
      { id: pickedUp, from: "picked_up", to: "timed_out" },
      { id: pending, from: "pending", to: "timed_out" },
    ]);
  });

  test("a command that has ended is kept for an hour", async () => {
    const { clock, bridge, submit, report, status } = createBridgeWorld();
    const id = submit();
    report(id);
    await clock.advance(3_599_999);
    bridge.deleteExpired();
    expect(status(id)).toBe("completed");
    await clock.advance(1);
    bridge.deleteExpired();
    expect(refusal(() => status(id))).toBe(`404 Command not found: ${id}`);
  });

  test("polls and waits are limited together", async () => {
    const { bridge, submit, poll, report, openPolls } = createBridgeWorld({ maxOpenPolls: 2 });
    const id = submit();
    expect(await poll()).toEqual([id]);
    const openPoll = poll();
    const wait = bridge.getWhenEnded(OWNER, RUNNER, id, 30, never);
    await expect(poll()).rejects.toThrow("Too many open polls. Maximum is 2");
    report(id);
    await wait;
    void poll();
    const next = submit();
    expect(await openPoll, "a poll that can take a command does not wait").toEqual([next]);
    expect(openPolls.count).toBe(1);
  });
});
