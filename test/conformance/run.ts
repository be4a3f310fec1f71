import { parseDuration } from "../../src/core/durations.ts";
import type { PendingCall } from "../support/call.ts";
import type { ConformanceCase, Expectation, Step, StepRequest } from "./case.ts";
import { check } from "./check.ts";
import { fill, nameCommonThings, type World } from "./world.ts";

/**
 * Plays a case from its arrangements to its last step.
 * @param nameThings gives names to what all cases have
 */
export async function runCase(case_: ConformanceCase, world: World, nameThings = nameCommonThings): Promise<void> {
  await nameThings(world);
  for (const arrange of case_.given ?? []) await arrange(world);
  const started = new Map<string, Sent>();
  for (const step of case_.steps) await runStep(step, world, started);
  if (started.size > 0) throw new Error(`The case never finishes ${[...started.keys()].join(", ")}`);
}

/** A request that was sent, as it was sent. */
interface Sent extends PendingCall {
  request: string;
}

async function runStep(step: Step, world: World, started: Map<string, Sent>): Promise<void> {
  if ("advance" in step) {
    await world.advance?.(parseDuration(step.advance) ?? Number.NaN);
  } else if ("until" in step) {
    await repeatUntil(step, world);
  } else if ("start" in step) {
    const call = send(step, world);
    started.set(step.start, call);
    await call.sent;
    await world.untilPollsHeld(started.size);
  } else if ("finish" in step) {
    const call = started.get(step.finish);
    if (call === undefined) throw new Error(`The case finishes ${step.finish}, but never starts it`);
    started.delete(step.finish);
    await receive(call, step, world);
  } else {
    await receive(send(step, world), step, world);
  }
}

/** The number of times a request is repeated. */
const REPETITIONS = 300;

/** @throws Error when no answer is as expected */
async function repeatUntil({ until, match }: { until: string; match: object }, world: World): Promise<void> {
  const [method = "", path = ""] = fill(until, world).split(" ");
  for (let count = 0; count < REPETITIONS; count += 1) {
    const { json } = await world.call(method, path);
    if (isPart(fill(match, world), json)) return;
  }
  throw new Error(`${until} never had ${JSON.stringify(match)}`);
}

function isPart(part: object, json: unknown): boolean {
  if (typeof json !== "object" || json === null) return false;
  const fields = new Map(Object.entries(json));
  return Object.entries(part).every(([name, value]) => fields.get(name) === value);
}

function send(step: StepRequest, world: World): Sent {
  const request = fill(step.send, world);
  const [method = "", path = ""] = request.split(" ");
  const { body, headers, gzip } = step;
  const call = world.call.start(method, path, {
    body: fill(body, world),
    ...(headers === undefined ? {} : { headers: fill(headers, world) }),
    ...(gzip === undefined ? {} : { gzip }),
  });
  return { ...call, request };
}

/** Checks an answer and gives names to its parts. */
async function receive(call: Sent, expectation: Expectation, world: World): Promise<void> {
  const reply = await call.reply;
  if (!world.unchecked) check(call.request, expectation, reply, world);
  world.onAnswer?.({ request: call.request, expectation, reply });
  for (const [name, read] of Object.entries(expectation.remember ?? {})) world.things.set(name, read(reply));
}
