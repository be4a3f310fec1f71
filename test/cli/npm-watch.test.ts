import { expect, test, vi } from "vitest";
import { NpmWatch, type Processes } from "../../src/cli/commands/dev/npm-watch.ts";
import { VirtualClock } from "../../src/core/virtual-clock.ts";

const NPX = 10;
const SHELL = 20;

/** Processes as a test has them: a server whose parent is a shell of npx, unless it says otherwise. */
function processes(options: Partial<Record<number, { parent: number; command: string }>> = {}) {
  const table: Partial<Record<number, { parent: number; command: string }>> = {
    [NPX]: { parent: 1, command: "npm exec opik-local dev" },
    [SHELL]: { parent: NPX, command: "sh -c opik-local dev" },
    ...options,
  };
  const state = { parent: SHELL, ended: new Set<number>() };
  const fake: Processes = {
    parent: () => state.parent,
    describe: async (pid) => table[pid],
    isAlive: (pid) => !state.ended.has(pid),
  };
  return { state, fake };
}

async function watch(fake: Processes, environment: Record<string, string> = { npm_command: "exec" }) {
  const clock = new VirtualClock();
  const onEnded = vi.fn();
  const npm = new NpmWatch(clock, fake);
  await npm.start(environment, onEnded);
  return { clock, onEnded, npm };
}

test.for([
  ["npx has ended and its shell lives on", (state: { ended: Set<number> }) => state.ended.add(NPX)],
  ["its shell has ended", (state: { parent: number }) => (state.parent = 1)],
] as const)("the server learns within a second that %s (F7)", async ([, end]) => {
  const { state, fake } = processes();
  const { clock, onEnded } = await watch(fake);
  await clock.advance(10_000);
  expect(onEnded).not.toHaveBeenCalled();
  end(state as never);
  await clock.advance(1_000);
  expect(onEnded).toHaveBeenCalledTimes(1);
});

test("npm without a shell in between is watched, and not the process that started npm", async () => {
  const { state, fake } = processes({ [SHELL]: { parent: NPX, command: "npm exec opik-local dev" } });
  const { clock, onEnded } = await watch(fake);
  state.ended.add(NPX);
  await clock.advance(5_000);
  expect(onEnded).not.toHaveBeenCalled();
  state.ended.add(SHELL);
  await clock.advance(1_000);
  expect(onEnded).toHaveBeenCalledTimes(1);
});

test.for([
  ["npm did not start the server", {}, {}],
  ["no npm is above the server", { [SHELL]: { parent: 1, command: "/sbin/init" } }, { npm_command: "exec" }],
] as const)("nothing is watched when %s", async ([, table, environment]) => {
  const { state, fake } = processes(table);
  const { clock, onEnded } = await watch(fake, environment);
  state.parent = 1;
  state.ended.add(NPX);
  await clock.advance(10_000);
  expect(onEnded).not.toHaveBeenCalled();
});

test("a server that stops watches no more", async () => {
  const { state, fake } = processes();
  const { clock, onEnded, npm } = await watch(fake);
  npm.stop();
  state.ended.add(NPX);
  await clock.advance(10_000);
  expect(onEnded).not.toHaveBeenCalled();
});
