import type { Owner } from "../../access/owner.ts";
import type { OpikContext } from "../../context.ts";
import type { OpikEvents } from "../../events.ts";
import type { ProjectService } from "../../projects/service.ts";
import { OpikError } from "../../wire/errors.ts";
import type { RunnerService } from "../service.ts";
import { activationHmac, bridgeKey, decodeBase64, isProof } from "./activation.ts";
import type { ActivateRequest, CreateSessionRequest, CreateSessionResponse } from "./schema.ts";
import { SESSIONS, SessionStore, type SessionRow } from "./store.ts";

export interface PairingServiceDependencies {
  runners: Pick<RunnerService, "activate">;
  projects: Pick<ProjectService, "exists">;
}

const ACTIVATION_KEY_BYTES = 32;

/** A runner that waits to be paired. */
export type WaitingRunner = OpikEvents["pairing:session:created"];

/** Pairing sessions, which create runners [opik 5.2]. */
export class PairingService {
  readonly #context: OpikContext;
  readonly #store: SessionStore;
  readonly #runners: PairingServiceDependencies["runners"];
  readonly #projects: PairingServiceDependencies["projects"];

  constructor(context: OpikContext, dependencies: PairingServiceDependencies) {
    this.#context = context;
    this.#store = new SessionStore(context.database);
    this.#runners = dependencies.runners;
    this.#projects = dependencies.projects;
  }

  /**
   * Opens a session for a runner that does not exist yet.
   * @throws OpikError 400 for a key that is not 32 bytes in base64, 404 for an unknown project
   */
  create(owner: Owner, request: CreateSessionRequest): CreateSessionResponse {
    const key = decodeBase64(request.activation_key);
    if (key === undefined) throw OpikError.message(400, "activation_key must be valid base64");
    if (key.length !== ACTIVATION_KEY_BYTES) {
      throw OpikError.message(400, `activation_key must decode to exactly ${ACTIVATION_KEY_BYTES} bytes`);
    }
    return this.#context.database.transaction(() => {
      if (!this.#projects.exists(owner.workspace, request.project_id)) {
        throw OpikError.errors(404, "Project not found");
      }
      const now = this.#context.clock.now();
      const row = SESSIONS.row({
        id: this.#context.ids.uuid(),
        workspace: owner.workspace,
        user: owner.user,
        project_id: request.project_id,
        runner_id: this.#context.ids.uuid(),
        type: request.type,
        activation_key: key,
        created_at: now,
        expires_at: now + request.ttl_seconds * 1000,
      });
      this.#store.insert(row);
      this.#context.events.emit("pairing:session:created", showWaiting(row));
      return { session_id: row.id, runner_id: row.runner_id };
    });
  }

  /**
   * Activates a session: the user that proves to know its key becomes the owner of the runner, and the runner replaces
   * the current one of its type. A second activation changes nothing, unlike on the real server, where it would evict a
   * newer runner and revive a deleted one [opik 8.8].
   * @returns the runner's id
   * @throws OpikError 404 for an unknown or expired session, 403 for a wrong proof, 409 when it is activated already
   */
  activate(owner: Owner, sessionId: string, { runner_name, hmac }: ActivateRequest): string {
    return this.#context.database.transaction(() => {
      const now = this.#context.clock.now();
      const session = this.#store.find(owner.workspace, sessionId);
      if (session === undefined || session.expires_at <= now) {
        throw OpikError.message(404, `Pairing session not found: ${sessionId}`);
      }
      if (!isProof(hmac, activationHmac(session.activation_key, sessionId, runner_name))) {
        throw OpikError.message(403, "Invalid activation hmac");
      }
      if (session.activated_at !== null) throw OpikError.errors(409, `Session already activated: ${sessionId}`);
      this.#pair(owner, session, runner_name);
      return session.runner_id;
    });
  }

  /**
   * Activates the session of a runner without a proof, for a server whose user wants every runner to be paired at once.
   * @param runnerName the name that the runner gets
   * @returns whether there is such a session that has not expired
   */
  activateUnproven(workspace: string, runnerId: string, runnerName: string): boolean {
    return this.#context.database.transaction(() => {
      const session = this.#store.ofRunner(runnerId, workspace);
      if (session === undefined || session.expires_at <= this.#context.clock.now()) return false;
      this.#pair({ workspace, user: session.user }, session, runnerName);
      return true;
    });
  }

  /** The runners of all workspaces that wait to be paired. @param limit how many at most */
  waiting(limit: number): WaitingRunner[] {
    return this.#store.waiting(this.#context.clock.now(), limit).map(showWaiting);
  }

  /** The key with which commands of a runner are signed; `undefined` for one that was not paired, such as of a fixture. */
  bridgeKey({ workspace }: Owner, runnerId: string): Buffer | undefined {
    return this.#store.bridgeKey(runnerId, workspace);
  }

  #pair(owner: Owner, session: SessionRow, runnerName: string): void {
    const { id, runner_id, project_id, type, activation_key } = session;
    this.#store.setActivated(id, this.#context.clock.now());
    this.#runners.activate(owner, { id: runner_id, projectId: project_id, type, name: runnerName });
    this.#store.insertBridgeKey({ runner_id, workspace: owner.workspace, key: bridgeKey(activation_key, id) });
  }

  /**
   * Deletes the sessions whose time is over.
   * @returns whether there may be more to delete
   */
  deleteExpired(): boolean {
    return this.#store.deleteExpired(this.#context.clock.now());
  }
}

function showWaiting({ runner_id, type, project_id, workspace, expires_at }: SessionRow): WaitingRunner {
  return { runner_id, type, project_id, workspace, expires_at: new Date(expires_at).toISOString() };
}
