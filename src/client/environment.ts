/** The address and key of a server, for an SDK. */
export interface SdkConnection {
  /** Where the server listens. */
  url: string;
  workspace: string;
  /** The key that the server requires; `undefined` when it takes any. */
  apiKey: string | undefined;
}

/** Sent by SDKs to a server that requires no key, in place of the key of a real account. */
const ANY_KEY = "opik-local";

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
