import type { RunnerNotice } from "../events.ts";
import type { RunnerRow } from "./store.ts";

/** The payload of events about a runner. */
export function notice(runner: RunnerRow): RunnerNotice {
  const { id, name, type, project_id, workspace } = runner;
  return { id, name, type, project_id, workspace };
}
