import type { Config } from "../../config.ts";
import { sameText } from "../../core/same-text.ts";
import type { RequestEvent } from "../../http/request-event.ts";
import { OpikError } from "../wire/errors.ts";

/** The owner of data: a workspace and a user. To another owner the data does not exist. */
export interface Owner {
  workspace: string;
  user: string;
}

/** Authenticates requests and determines their owner. */
export interface Tenancy {
  defaultOwner: Owner;
  /** @throws OpikError 401 for a wrong or missing key */
  checkKey(event: RequestEvent): void;
  /** @throws OpikError 404 for a workspace that does not exist, 401 for a wrong or missing key */
  ownerOf(event: RequestEvent): Owner;
}

/** The one user of a self-hosted Opik. */
const USER = "admin";
const DEFAULT_WORKSPACE = "default";
const ANY = "any";

/** Whether there is a workspace of this name. */
export function workspaceExists({ workspaces }: Pick<Config, "workspaces">, workspace: string): boolean {
  return workspaces.includes(ANY) || workspaces.includes(workspace);
}

/**
 * Workspaces and keys as a self-hosted Opik checks them [opik 1.2]; a key only when the settings name one. Unlike there,
 * a request with a key may leave the workspace out: it then means the default one, as without a key.
 */
export function createTenancy(config: Pick<Config, "workspaces" | "apiKey">): Tenancy {
  const checkKey = ({ req: { headers } }: RequestEvent): void => {
    if (config.apiKey !== undefined && !sameText(headers.get("authorization") ?? "", config.apiKey)) {
      throw OpikError.message(
        401,
        headers.get("authorization") ? "User not allowed to access workspace" : "API key should be provided",
      );
    }
  };
  return {
    defaultOwner: { workspace: DEFAULT_WORKSPACE, user: USER },
    checkKey,
    ownerOf: (event) => {
      checkKey(event);
      const workspace = event.req.headers.get("comet-workspace") || workspaceInQuery(event) || DEFAULT_WORKSPACE;
      if (!workspaceExists(config, workspace)) throw OpikError.message(404, "Workspace not found");
      return { workspace, user: USER };
    },
  };
}

/** Links name their workspace in the query [opik 1.2]. */
function workspaceInQuery({ url }: RequestEvent): string | null {
  return url.search.includes("workspace_name=") ? url.searchParams.get("workspace_name") : null;
}
