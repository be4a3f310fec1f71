import { OpikLocalClient } from "../client/client.ts";
import { stringifyJson } from "../core/json.ts";
import type { Owner } from "../opik/access/owner.ts";
import type { OpikLocalParts } from "../server.ts";

/** The part of a server that a test sees: all of it, or one workspace. */
export interface Tested {
  readonly server: OpikLocalParts;
  /** The owner of what the test creates. */
  readonly owner: Owner;
  /** The only workspace that the test sees; `undefined` for all. */
  readonly workspace: string | undefined;
  /** The project of executor runs that name none: these have no workspaces. */
  readonly executorProject: string;
  /** Sends requests to the server, without a socket. */
  readonly client: OpikLocalClient;
  /** Whether the test sees what is in a workspace. */
  sees(workspace: string | undefined): boolean;
}

/** Returns the server under test. @throws Error once the server was stopped */
export type Running = () => Tested;

/** The project of executor runs when the test sees all workspaces. */
const DEFAULT_PROJECT = "default";

/** @param workspace the only one that the test sees; default all */
export function testedPart(server: OpikLocalParts, workspace?: string): Tested {
  const { defaultOwner } = server.tenancy;
  const owner = workspace === undefined ? defaultOwner : { ...defaultOwner, workspace };
  const { apiKey } = server.config;
  const send = (path: string, init: RequestInit): Promise<Response> => {
    const headers = new Headers(init.headers);
    headers.set("comet-workspace", owner.workspace);
    if (apiKey !== undefined) headers.set("authorization", apiKey);
    return server.request(path, { ...init, headers });
  };
  return {
    ...{ server, owner, workspace, executorProject: workspace ?? DEFAULT_PROJECT },
    client: new OpikLocalClient(send, { workspace: owner.workspace, clock: server.clock }),
    sees: (other) => workspace === undefined || other === workspace,
  };
}

/** Returns where a server listens. @throws Error when it does not */
export function serverUrl({ url }: OpikLocalParts): string {
  if (url === undefined) throw new Error("The server does not listen: it was started with listen: false.");
  return url;
}

/** A value of the APIs with plain JavaScript values, which may lose what JavaScript cannot hold (`1.0`, big integers). */
export function plain<Plain>(value: unknown): Plain {
  return JSON.parse(stringifyJson(value)) as Plain;
}
