import type { State } from "../admin/schema.ts";
import { describeDuration } from "../core/durations.ts";
import { cut } from "./console/layout.ts";
import { onOneLine } from "./console/short.ts";
import { alignedLines } from "./table.ts";

/** Of longer lists only the beginning is shown; `--json` has all. */
const MAX_SHOWN = 20;

/**
 * What a running server has, for people: what it is, then each runner and executor job with what waits there.
 * @param url as it was asked for
 * @param columns what a terminal has; no line is longer
 */
export function describeState(state: State, url: string, columns: number = Number.POSITIVE_INFINITY): string {
  const projects = new Map(state.projects.map(({ id, name }) => [id, onOneLine(name)]));
  const facts: Array<[string, string]> = [
    ["Data", state.database],
    ["Workspaces", state.workspaces.join(", ")],
    ["Projects", namesOf(state.projects)],
    ["Open polls", String(state.open_polls)],
    ["Jobs", describeCounts(state.jobs)],
    ["Bridge commands", describeCounts(state.bridge_commands)],
    ["Executor runs", describeCounts(state.executor_runs)],
    ...(state.clock === "virtual" ? [["Virtual clock", state.now] as [string, string]] : []),
  ];
  return [
    `opik-local ${state.version} at ${url}, up ${describeDuration(state.uptime_ms)}`,
    "",
    ...table(facts, columns),
    ...section(
      "Runners",
      columns,
      state.runners.map(({ name, type, project_id, status, polls, agents, jobs }) => [
        onOneLine(name),
        `${projects.get(project_id) ?? project_id}, ${type}, ${describePresence(status, polls)}`,
        agents.map(onOneLine).join(", ") || "no agents",
        `jobs: ${describeCounts(jobs)}`,
      ]),
    ),
    ...section(
      "Executor jobs",
      columns,
      state.executor_jobs.map(({ slug, project_id, paused, runs }) => [
        onOneLine(slug),
        `${onOneLine(project_id)}${paused ? ", paused" : ""}`,
        `runs: ${describeCounts(runs)}`,
      ]),
    ),
  ]
    .map((line) => cut(line, columns))
    .join("\n");
}

/** A runner of a fixture stays connected without an agent, and its jobs pending. */
function describePresence(status: string, polls: boolean): string {
  return status === "connected" && !polls ? "connected, not polling" : status;
}

/** `2 pending, 1 running`: statuses with a count of 0 are left out. */
function describeCounts(counts: Readonly<Record<string, number>>): string {
  const parts = Object.entries(counts).filter(([, count]) => count > 0);
  return parts.length === 0 ? "none" : parts.map(([status, count]) => `${count} ${status}`).join(", ");
}

function namesOf(things: ReadonlyArray<{ name: string }>): string {
  if (things.length === 0) return "none";
  const names = things.slice(0, MAX_SHOWN).map(({ name }) => onOneLine(name));
  return `${names.join(", ")}${things.length > MAX_SHOWN ? `, ${more(things.length)}` : ""}`;
}

function section(title: string, columns: number, rows: ReadonlyArray<readonly string[]>): string[] {
  if (rows.length === 0) return [];
  const rest = rows.length > MAX_SHOWN ? [`  ${more(rows.length)}`] : [];
  return ["", `${title}:`, ...table(rows.slice(0, MAX_SHOWN), columns), ...rest];
}

function more(count: number): string {
  return `… and ${count - MAX_SHOWN} more`;
}

/** Lines of cells that stand below each other; in a narrow terminal, what follows the second cell is on its own line. */
function table(rows: ReadonlyArray<readonly string[]>, columns: number): string[] {
  const lines = indentedLines(rows);
  if (lines.every((line) => line.length <= columns)) return lines;
  const heads = indentedLines(rows.map((row) => row.slice(0, 2)));
  return rows.flatMap((row, index) => [heads[index] ?? "", ...row.slice(2).map((cell) => `      ${cell}`)]);
}

function indentedLines(rows: ReadonlyArray<readonly string[]>): string[] {
  return alignedLines(rows).map((line) => `  ${line}`);
}
