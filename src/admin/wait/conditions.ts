import type { CommittedEvent } from "../../core/events.ts";
import type { Owner } from "../../opik/access/owner.ts";
import type { Opik } from "../../opik/opik.ts";
import type { StraitServices } from "../../strait/services.ts";
import { LocalError } from "../errors.ts";
import { toShownEvent } from "../events/entry.ts";
import { passes, readFilter } from "../events/filter.ts";
import type { Condition } from "./condition.ts";
import { jobHasStatus, runHasStatus } from "./statuses.ts";

export interface ConditionDependencies {
  services: Pick<Opik["services"], "jobs" | "runners" | "projects" | "traces" | "spans">;
  executor: Pick<StraitServices, "runs">;
}

type Query = Readonly<Record<string, string | undefined>>;

/** The conditions of waits; a query names one of these. With `event`, the others filter. */
const KINDS = ["event", "job", "run", "runner", "trace", "traces"] as const;

/**
 * Reads the condition of a wait.
 * @throws LocalError 400 unless the query names exactly one thing, in the right form
 */
export function readCondition(query: Query, owner: Owner, dependencies: ConditionDependencies): Condition {
  const { services, executor } = dependencies;
  const { event, job, run, runner, trace, traces, spans, status } = query;
  if (event !== undefined) return eventHappens(event, query);
  const named = KINDS.filter((kind) => query[kind] !== undefined);
  if (named.length !== 1) throw new LocalError(400, `Name one of ${KINDS.join(", ")} to wait for`);
  if (job !== undefined) return jobHasStatus(services.jobs, job, status);
  if (run !== undefined) return runHasStatus(executor.runs, run, status);
  if (runner !== undefined) return runnerHasStatus(services, owner, runner, status);
  if (trace !== undefined) return traceExists(services, owner, trace, readCount("spans", spans ?? "0"));
  return tracesExist(services, owner, query["project"], readCount("traces", traces ?? ""));
}

/** An event that is committed from now on. */
function eventHappens(name: string, query: Query): Condition {
  const filter = readFilter(name, query);
  let happened: CommittedEvent | undefined;
  return {
    check: () => happened && { event: toShownEvent(happened) },
    concerns: (event) => {
      if (happened === undefined && passes(filter, event)) happened = event;
      return happened !== undefined;
    },
    describe: () => `no event ${name} as wanted`,
  };
}

function runnerHasStatus(
  { runners }: ConditionDependencies["services"],
  { workspace }: Owner,
  runner: string,
  status = "connected",
): Condition {
  if (status !== "connected" && status !== "disconnected") {
    throw new LocalError(400, `There is no status "${status}" of runners. There are connected, disconnected.`);
  }
  const find = (): object[] =>
    runners
      .all()
      .filter((row) => row.workspace === workspace && (row.id === runner || row.name === runner))
      .map((row) => {
        const { id, name, type, project_id } = row;
        return { id, name, type, project_id, status: runners.isConnected(row) ? "connected" : "disconnected" };
      });
  return {
    check: () => {
      const found = find().find((row) => "status" in row && row.status === status);
      return found && { runner: found };
    },
    concerns: ({ name }) => name.startsWith("runner:"),
    describe: () => (find().length === 0 ? `there is no runner ${runner}` : `the runner ${runner} is not ${status}`),
  };
}

function traceExists(
  { traces, spans }: ConditionDependencies["services"],
  owner: Owner,
  id: string,
  count: number,
): Condition {
  const find = (): { trace: object | undefined; spans: number } => ({
    trace: traces.byIds(owner, [id]).get(id),
    spans: spans.summaries(owner.workspace, [id])(id).span_count,
  });
  return {
    check: () => {
      const found = find();
      return found.trace !== undefined && found.spans >= count ? found : undefined;
    },
    concerns: isOfTraces,
    describe: () => {
      const found = find();
      return found.trace === undefined ? `there is no trace ${id}` : `the trace ${id} has ${found.spans} spans`;
    },
  };
}

function tracesExist(
  { traces, projects }: ConditionDependencies["services"],
  owner: Owner,
  project: string | undefined,
  count: number,
): Condition {
  if (project === undefined) throw new LocalError(400, "Name the project of the traces, by its name or id");
  const total = (): number => {
    const project_id = projects.exists(owner.workspace, project) ? project : projects.idByName(owner, project);
    if (project_id === undefined) return 0;
    return traces.list(owner, { project_id, project_name: undefined, page: 1, size: 1 }).total;
  };
  return {
    check: () => {
      const found = total();
      return found >= count ? { traces: found } : undefined;
    },
    concerns: isOfTraces,
    describe: () => `the project ${project} has ${total()} traces`,
  };
}

function isOfTraces({ name }: CommittedEvent): boolean {
  return name === "traces:written" || name === "spans:written";
}

function readCount(name: string, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new LocalError(400, `${name} must be a count`);
  return Number(text);
}
