import type { RawJson } from "../../core/json.ts";
import type { Owner } from "../access/owner.ts";
import type { OpikContext } from "../context.ts";
import { RestoreConflict, type RestoreOutcome } from "../wire/restore.ts";
import type { Agent } from "./schema.ts";
import type { NewRunner, RunnerService } from "./service.ts";
import { type RunnerRow, RUNNERS } from "./store.ts";

export interface RunnerRestorerDependencies {
  runners: RunnerService;
}

/** A runner as a fixture has it. Times are milliseconds since the epoch. */
export interface RestoredRunner extends Required<NewRunner> {
  connectedAt: number;
  /** When its last heartbeat stops to count; default the heartbeat's time to live after `connectedAt`. */
  connectedUntil?: number | undefined;
  capabilities?: readonly string[] | undefined;
  checklist?: RawJson | undefined;
  agents?: readonly Agent[] | undefined;
}

/** Restores runners of fixtures. */
export class RunnerRestorer {
  readonly #context: OpikContext;
  readonly #runners: RunnerService;

  constructor(context: OpikContext, dependencies: RunnerRestorerDependencies) {
    this.#context = context;
    this.#runners = dependencies.runners;
  }

  /**
   * Restores a runner, which replaces the current one of its type, as pairing does. An existing runner gets the
   * fixture's name and `keep_alive`; its agents, capabilities, checklist and times stay, because its agent may be
   * running and have set them.
   * @throws RestoreConflict when the id belongs to a runner of another project or type, or for too many agents
   */
  restore(owner: Owner, runner: RestoredRunner): RestoreOutcome {
    if ((runner.agents?.length ?? 0) > this.#context.config.maxAgentsPerRunner)
      throw new RestoreConflict(
        `a runner has at most ${this.#context.config.maxAgentsPerRunner} agents on this server`,
      );
    return this.#context.database.transaction(() => {
      const existing = this.#runners.byId(runner.id);
      if (existing === undefined) {
        this.#add(owner, runner);
        return "added";
      }
      const { workspace, project_id, type } = existing;
      if (workspace !== owner.workspace || project_id !== runner.projectId || type !== runner.type)
        throw new RestoreConflict(`the id ${runner.id} belongs to a runner of another project or type`);
      return this.#adapt(existing, runner);
    });
  }

  #add(owner: Owner, runner: RestoredRunner): void {
    const row = RUNNERS.row({
      id: runner.id,
      workspace: owner.workspace,
      user: owner.user,
      project_id: runner.projectId,
      type: runner.type,
      name: runner.name,
      capabilities_json: JSON.stringify(runner.capabilities ?? ["jobs"]),
      checklist_json: runner.checklist?.text ?? null,
      connected_at: runner.connectedAt,
      alive_until: runner.connectedUntil ?? runner.connectedAt + this.#context.config.heartbeatTtlMs,
      keep_alive: runner.keepAlive ? 1 : 0,
    });
    this.#runners.add(row);
    if (runner.agents !== undefined) this.#runners.replaceAgents(row, runner.agents);
  }

  #adapt(existing: RunnerRow, runner: RestoredRunner): RestoreOutcome {
    const keep_alive = runner.keepAlive ? 1 : 0;
    if (existing.name === runner.name && existing.keep_alive === keep_alive) return "unchanged";
    this.#runners.update({ ...existing, name: runner.name, keep_alive });
    return "changed";
  }
}
