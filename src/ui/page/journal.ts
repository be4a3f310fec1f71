import { useEffect, useState } from "preact/hooks";
import { ApiError, get, type JournaledRequest, post, type RequestList } from "./api.ts";

const MAX_SHOWN = 1_000;
const TIMEOUT_STATUS = 408;
const RETRY_MS = 1_000;
/** Requests that come together are shown together. */
const TOGETHER_MS = 100;

/** Reads the request journal, and then each request as it comes; newest first. */
export function useRequests(): { requests: JournaledRequest[]; error: Error | undefined } {
  const [requests, setRequests] = useState<JournaledRequest[]>([]);
  const [error, setError] = useState<Error>();
  useEffect(() => {
    let isShown = true;
    const add = (list: RequestList): number => {
      setRequests((before) => [...list.requests.toReversed(), ...before].slice(0, MAX_SHOWN));
      return list.last_sequence;
    };
    const readAll = async (): Promise<number> => {
      const list = await get<RequestList>(`/__local/requests?limit=${MAX_SHOWN}`);
      setRequests(list.requests.toReversed());
      return list.last_sequence;
    };
    const follow = async (): Promise<void> => {
      let since = await readAll();
      while (isShown) {
        since = await next(since, add, readAll);
        await pause(TOGETHER_MS);
      }
    };
    follow().catch(setError);
    return () => {
      isShown = false;
    };
  }, []);
  return { requests, error };
}

/**
 * Waits for the next request. A wait that ends without one is begun again; after a lost connection all are read, because a
 * server that was started again counts from 1.
 */
async function next(
  since: number,
  add: (list: RequestList) => number,
  readAll: () => Promise<number>,
): Promise<number> {
  try {
    return add(await post<RequestList>("/__local/requests/wait", { since, timeout: "60s" }));
  } catch (error) {
    if (error instanceof ApiError && error.status !== TIMEOUT_STATUS) throw error;
    if (error instanceof ApiError) return since;
    await pause(RETRY_MS);
    return readAll().catch(() => since);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
