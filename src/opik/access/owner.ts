import type { H3Event } from "h3";
import type { Config } from "../../config.ts";
import { sameText } from "../../core/same-text.ts";
import { OpikError } from "../wire/errors.ts";

/** The owner of data: a workspace and a user. To another owner the data does not exist. */
export interface Owner {
  workspace: string;
  user: string;
}

/** Authenticates requests and determines their owner. */
export interface Tenancy {
  defaultOwner: Owner;
  workspaceExists(this: void, workspace: string): boolean;
  /** @throws OpikError 401 for a wrong or missing key */
  checkKey(event: H3Event): void;
  /** @throws OpikError 404 for a workspace that does not exist, 401 for a wrong or missing key */
  ownerOf(event: H3Event): Owner;
}

/** A self-hosted Opik knows one user. */
const USER = "admin";
const DEFAULT_WORKSPACE = "default";
const ANY = "any";

/**
 * Workspaces and keys as a self-hosted Opik checks them [opik 1.2]; a key only when the settings name one. Unlike there,
 * a request with a key may leave the workspace out: it then means the default one, as without a key.
 */
export function createTenancy(config: Pick<Config, "workspaces" | "apiKey">): Tenancy {
  const workspaceExists = (workspace: string): boolean =>
    config.workspaces.includes(ANY) || config.workspaces.includes(workspace);
  const checkKey = ({ req: { headers } }: H3Event): void => {
    if (config.apiKey !== undefined && !sameText(headers.get("authorization") ?? "", config.apiKey)) {
      throw OpikError.message(
        401,
        headers.get("authorization") ? "User not allowed to access workspace" : "API key should be provided",
      );
    }
  };
  return {
    defaultOwner: { workspace: DEFAULT_WORKSPACE, user: USER },
    workspaceExists,
    checkKey,
    ownerOf: (event) => {
      checkKey(event);
      const workspace = event.req.headers.get("comet-workspace") || DEFAULT_WORKSPACE;
      if (!workspaceExists(workspace)) throw OpikError.message(404, "Workspace not found");
      return { workspace, user: USER };
    },
  };
}
