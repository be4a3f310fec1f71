import { RefusedError } from "../../client/call.ts";
import type { OpikLocalClient } from "../../client/client.ts";
import { durationText, type TestClock } from "../clock.ts";
import type { TestFaults } from "../faults.ts";
import type { TestRequest } from "../plain.ts";
import type { TestRequests } from "../requests.ts";
import { DEFAULT_TIMEOUT_MS, WaitTimeoutError } from "../waiting.ts";
import type { Remote } from "./remote.ts";

/** The clock of a server that runs elsewhere. */
export function remoteClock(client: OpikLocalClient): Remote<TestClock> {
  return {
    now: async () => Date.parse((await client.clock()).now),
    advance: async (duration, { settle } = {}) => {
      await client.advance(durationText(duration), settle);
    },
    set: async (time, { settle } = {}) => {
      await client.setClock(new Date(time).toISOString(), settle);
    },
    resume: async () => {
      await client.moveClock("resume");
    },
    freeze: async () => {
      await client.moveClock("freeze");
    },
    runUntilIdle: async (max, { settle } = {}) => (await client.runUntilIdle(max, settle)).idle,
  };
}

/** The faults of a server that runs elsewhere. @param workspace the only one whose faults are seen; default all */
export function remoteFaults(client: OpikLocalClient, workspace?: string): Remote<TestFaults> {
  const list: Remote<TestFaults>["list"] = async () => {
    const { faults } = await client.faults.list();
    return faults.filter(({ rule }) => workspace === undefined || rule["workspace"] === workspace);
  };
  return {
    add: (fault) => client.faults.add(workspace === undefined ? fault : { ...fault, workspace }),
    list,
    remove: (id) => client.faults.remove(id),
    clear: async () => {
      if (workspace === undefined) await client.faults.clear();
      else for (const { id } of await list()) await client.faults.remove(id);
    },
  };
}

/** The request journal of a server that runs elsewhere. @param workspace the only one whose requests are seen */
export function remoteRequests(client: OpikLocalClient, workspace?: string): Remote<TestRequests> {
  const ours = workspace === undefined ? {} : { workspace };
  return {
    list: (matcher) => client.requests.find({ ...matcher, ...ours }),
    count: (matcher) => client.requests.count({ ...matcher, ...ours }),
    waitFor: async (matcher, { count = 1, timeoutMs = DEFAULT_TIMEOUT_MS } = {}): Promise<TestRequest[]> => {
      try {
        return await client.requests.waitFor({ ...matcher, ...ours }, count, timeoutMs);
      } catch (error) {
        if (error instanceof RefusedError && error.status === 408) throw new WaitTimeoutError(error.message);
        throw error;
      }
    },
    clear: () => client.requests.clear(workspace),
  };
}
