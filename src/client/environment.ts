/** The address and key of a server, for an SDK. */
export interface SdkConnection {
  /** Where the server listens. */
  url: string;
  workspace: string;
  /** The key that the server requires; `undefined` when it takes any. */
  apiKey: string | undefined;
}

/** Sent by SDKs to a server that requires no key, in place of the key of a real account. */
export const ANY_KEY = "opik-local";

/** A runner as an agent of an SDK has to know it. */
export interface SdkRunner {
  id: string;
  /** Name of its project. */
  project: string;
}

/** The environment variables that point Opik's SDKs, and commands of ours, to a server. */
export function sdkEnvironment({ url, workspace, apiKey = ANY_KEY }: SdkConnection): Record<string, string> {
  return {
    OPIK_LOCAL_URL: url,
    OPIK_URL_OVERRIDE: `${url}/api`,
    OPIK_WORKSPACE: workspace,
    OPIK_API_KEY: apiKey,
    OPIK_SENTRY_ENABLE: "false",
    OPIK_TRACK_DISABLE: "false",
  };
}

/** The environment variables with which a process that imports an SDK is the agent of a runner. */
export function runnerEnvironment({ id, project }: SdkRunner): Record<string, string> {
  return { OPIK_RUNNER_MODE: "true", OPIK_RUNNER_ID: id, OPIK_PROJECT_NAME: project };
}
