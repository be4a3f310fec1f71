import { onTestFinished } from "vitest";
import type { Config } from "../../../src/config.ts";
import type { RunRow } from "../../../src/strait/run/run.ts";
import { createStraitWorld, type StraitWorld } from "../world.ts";

/** A world in which runs are looked at from inside. */
export interface DispatchWorld extends StraitWorld {
  /** Triggers a run and gives its id. */
  trigger(jobId: string, body?: Record<string, unknown>): Promise<string>;
  run(id: string): RunRow;
  /** Resolves when the run has one of the statuses. */
  untilRunIs(id: string, ...statuses: string[]): Promise<RunRow>;
  /** Resolves when an attempt of the run has failed, and no other has begun. */
  untilAttemptFailed(id: string): Promise<RunRow>;
  /** What an executor says of its run. */
  speak(id: string, token: string, path: string, body?: unknown): ReturnType<StraitWorld["call"]>;
}

/** A world that ends with the test. */
export function createDispatchWorld(config: Partial<Config> = {}): DispatchWorld {
  const world = createStraitWorld(config);
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { server, call } = world;
  const run = (id: string): RunRow => {
    const found = server.runs.runs.find(id);
    if (found === undefined) throw new Error(`there is no run ${id}`);
    return found;
  };
  const until = (id: string, holds: (run: RunRow) => boolean): Promise<RunRow> =>
    new Promise((resolve) => {
      if (holds(run(id))) {
        resolve(run(id));
        return;
      }
      const stop = server.events.on("run:status:changed", ({ run: changed }) => {
        if (changed.id !== id || !holds(run(id))) return;
        stop();
        resolve(run(id));
      });
    });
  return {
    ...world,
    run,
    trigger: async (jobId, body = {}) => {
      const triggered = await call("POST", `/v1/jobs/${jobId}/trigger`, body);
      if (triggered.status !== 201) throw new Error(triggered.text);
      return triggered.json.id as string;
    },
    untilRunIs: (id, ...statuses) => until(id, (run) => statuses.includes(run.status)),
    untilAttemptFailed: (id) => until(id, (run) => run.status !== "executing" && run.error_class !== null),
    speak: (id, token, path, body) =>
      call("POST", `/sdk/v1/runs/${id}/${path}`, body ?? {}, { authorization: `Bearer ${token}` }),
  };
}
