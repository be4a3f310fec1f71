/** The address of an agent that serves a project: `opik://<project>/<agent>`. */
export interface AgentAddress {
  /** Name or id of one of Opik's projects. */
  project: string;
  agent: string;
}

const ADDRESS = /^opik:\/\/([^/?#]+)\/([^?#]+)$/i;

/**
 * Reads the endpoint of a job that an agent executes. What cannot stand in a URL is percent-encoded:
 * `opik://Default%20Project/echo`.
 * @returns `undefined` when it names no agent
 */
export function readAgentAddress(endpointUrl: string): AgentAddress | undefined {
  const [, project, agent] = ADDRESS.exec(endpointUrl) ?? [];
  if (project === undefined || agent === undefined) return undefined;
  try {
    return { project: decodeURIComponent(project), agent: decodeURIComponent(agent) };
  } catch {
    return undefined;
  }
}
