import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { COMMAND_TRANSITIONS } from "../src/opik/runners/bridge/state-machine.ts";
import { JOB_TRANSITIONS } from "../src/opik/runners/jobs/state-machine.ts";
import { TRANSITIONS } from "../src/strait/run/state-machine.ts";

/** The changes of status in the diagram below the line that names a file. */
function drawn(file: string): string[] {
  const text = readFileSync(new URL("../src/README.md", import.meta.url), "utf8");
  const [, diagram] = new RegExp(`\`${file}\`[^]*?\`\`\`mermaid([^]*?)\`\`\``).exec(text) ?? [];
  return [...(diagram ?? "").matchAll(/^ +(\w+) --> (\w+)/gm)].map(([, from, to]) => `${from} --> ${to}`).toSorted();
}

function allowed(
  transitions: Readonly<Record<string, readonly string[]>>,
  isDrawn: (status: string) => boolean,
): string[] {
  return Object.entries(transitions)
    .flatMap(([from, targets]) => targets.map((to) => [from, to] as const))
    .filter((statuses) => statuses.every(isDrawn))
    .map(([from, to]) => `${from} --> ${to}`)
    .toSorted();
}

test.for([
  ["opik/runners/jobs/state-machine.ts", JOB_TRANSITIONS, []],
  ["opik/runners/bridge/state-machine.ts", COMMAND_TRANSITIONS, []],
  ["strait/run/state-machine.ts", TRANSITIONS, ["dequeued", "replay_staged", "canceled"]],
] as const)("src/README.md draws the transitions of %s", ([file, transitions, notDrawn]) => {
  const isDrawn = (status: string): boolean => !notDrawn.some((other) => other === status);
  expect(drawn(file)).toEqual(allowed(transitions, isDrawn));
});
