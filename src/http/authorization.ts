/**
 * Writes the header `Authorization` of a request to a server that requires a key.
 * @param path of the request: the control plane of executor runs takes keys in another way than Opik's API
 */
export function authorizationOf(path: string, apiKey: string): string {
  return isControlPlane(path) ? `Bearer ${apiKey}` : apiKey;
}

/** Whether a path belongs to the control plane of executor runs. */
export function isControlPlane(path: string): boolean {
  return path.startsWith("/v1/") && !path.startsWith("/v1/private/");
}
