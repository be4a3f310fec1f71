import { describe, expect, onTestFinished, test } from "vitest";
import { SystemClock } from "../../../src/core/clock.ts";
import { createOpikLocal } from "../../../src/server.ts";
import { Computer } from "../../core/computer.ts";
import { createDispatchWorld } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 3_600_000;
const NOON = Date.UTC(2026, 0, 1, 12);

/** A job that fires every minute on a computer whose clock the test drives, and the times at which its runs were made. */
async function everyMinute(): Promise<{ computer: Computer; times: string[] }> {
  const computer = new Computer(NOON);
  const server = createOpikLocal({ config: { database: ":memory:" }, clock: new SystemClock({ timers: computer }) });
  onTestFinished(() => server.stop());
  const times: string[] = [];
  server.events.on("run:created", ({ run }) => times.push(run.created_at.slice(11, 19)));
  const body = JSON.stringify({
    name: "tick",
    slug: "tick",
    endpoint_url: "http://127.0.0.1:9",
    execution_mode: "worker",
    cron: "* * * * *",
  });
  const headers = { "content-type": "application/json" };
  const made = await server.request("/v1/jobs", { method: "POST", headers, body });
  expect(made.status).toBe(201);
  return { computer, times };
}

describe("a schedule", () => {
  test("fires once a slot, though Node's timers fire up to a millisecond early (T1)", async () => {
    const { computer, times } = await everyMinute();
    computer.earlyMs = 0.7;
    computer.run(24 * MINUTE + 100);
    const slots = Array.from({ length: 24 }, (_, index) => `12:${String(index + 1).padStart(2, "0")}:00`);
    expect(times.map((time) => time.slice(0, 8))).toEqual(slots);
  });

  test("does not fire a slot again when the clock is set back (T1)", async () => {
    const { computer, times } = await everyMinute();
    computer.run(MINUTE + 500);
    computer.setWallClock(-2_000);
    computer.run(MINUTE + 2_000);
    expect(times).toEqual(["12:01:00", "12:02:00"]);
  });

  test("fires at full minutes after the computer was asleep, and once for all that it missed (T2)", async () => {
    const { computer, times } = await everyMinute();
    computer.run(MINUTE);
    computer.setWallClock(9 * HOUR + 30_000);
    computer.run(MINUTE);
    expect(times).toEqual(["12:01:00", "21:01:31", "21:02:00"]);
  });
});

test("a run whose time came while the computer was asleep is executed, and does not expire (T2)", async () => {
  const world = createDispatchWorld();
  const scheduled_at = new Date(world.clock.now() + HOUR).toISOString();
  const overdue = await world.trigger(await world.job({ execution_mode: "worker", timeout_secs: 60 }), {
    scheduled_at,
  });
  const waiting = await world.trigger(await world.job({ execution_mode: "worker" }), { ttl_secs: 100 });
  await world.clock.jump(9 * HOUR);
  expect(world.run(overdue).status).toBe("queued");
  await world.clock.advance(MINUTE);
  expect([world.run(overdue).status, world.run(waiting).status]).toEqual(["queued", "queued"]);
  // The time that it is awake counts as ever.
  await world.clock.advance(MINUTE);
  expect(world.run(waiting).status).toBe("expired");
  expect((await world.call("POST", "/__local/runs/next?queue=default")).json.run.id).toBe(overdue);
});
