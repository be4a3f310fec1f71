import { parseDuration } from "../../core/durations.ts";
import { parseTimestamp } from "../../core/timestamps.ts";
import type { Route } from "../../http/route.ts";
import type { DefineLocalRoute } from "../route.ts";
import { localError } from "../schema.ts";
import { advancedState, advanceRequest, clockState, idleState, runUntilIdleRequest, setRequest } from "./schema.ts";
import type { ClockService } from "./service.ts";

const SETTLE =
  ". With settle, agents that poll stay connected, and it waits, up to 5 s of real time for each step, until they poll again and have ended their jobs; an agent that has registered is expected to poll";

/** Show and move the clock. */
export function clockRoutes(route: DefineLocalRoute, clock: ClockService): Route[] {
  return [
    route({
      method: "GET",
      path: "/clock",
      id: "getClock",
      summary: "The server's time",
      responses: { 200: clockState },
      handle: () => ({ status: 200, body: clock.state(), routine: true }),
    }),
    route({
      method: "POST",
      path: "/clock/advance",
      id: "advanceClock",
      summary: `Move the virtual clock and run what falls due${SETTLE}`,
      body: advanceRequest,
      responses: { 200: advancedState, 409: localError },
      handle: async ({ body: { by, settle }, signal }) => ({
        status: 200,
        body: await clock.advance(parseDuration(by) ?? 0, { settle, signal }),
      }),
    }),
    route({
      method: "POST",
      path: "/clock/set",
      id: "setClock",
      summary: `Move the virtual clock forward to a time and run what falls due${SETTLE}`,
      body: setRequest,
      responses: { 200: advancedState, 409: localError },
      handle: async ({ body: { to, settle }, signal }) => ({
        status: 200,
        body: await clock.set(parseTimestamp(to) ?? Number.NaN, { settle, signal }),
      }),
    }),
    route({
      method: "POST",
      path: "/clock/resume",
      id: "resumeClock",
      summary: "Let the virtual time pass as the real one does",
      responses: { 200: clockState, 409: localError },
      handle: () => ({ status: 200, body: clock.resume() }),
    }),
    route({
      method: "POST",
      path: "/clock/freeze",
      id: "freezeClock",
      summary: "Let the virtual time stand still",
      responses: { 200: clockState, 409: localError },
      handle: () => ({ status: 200, body: clock.freeze() }),
    }),
    route({
      method: "POST",
      path: "/clock/run-until-idle",
      id: "runClockUntilIdle",
      summary: `Advance the virtual clock until every job and run has ended, for a day at most${SETTLE}`,
      body: runUntilIdleRequest,
      responses: { 200: idleState, 409: localError },
      handle: async ({ body: { max, settle }, signal }) => ({
        status: 200,
        body: await clock.runUntilIdle(max === undefined ? undefined : parseDuration(max), { settle, signal }),
      }),
    }),
  ];
}
