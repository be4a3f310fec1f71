import type { OpikLocalClient } from "../../client/client.ts";
import type { PlainWait } from "../../client/plain.ts";
import type { TestExecutorJobs } from "../executor-jobs.ts";
import type { TestRun, TestRuns } from "../runs.ts";
import type { TestWaits } from "../waits.ts";
import { MAX_LISTED, type Remote } from "./remote.ts";
import { orUndefined, reasonOf, waitForRemote, waitForRemoteStatus } from "./waiting.ts";

/** The largest page of waits. */
const MAX_WAITS = 100;

/**
 * The executor runs of a server that runs elsewhere, their jobs and their waits.
 * @param defaultProject the project of what names none
 * @param onlyProject the only project whose runs are listed; default all
 */
export function remoteExecutor(
  client: OpikLocalClient,
  defaultProject: string,
  onlyProject: string | undefined,
): { executorJobs: Remote<TestExecutorJobs>; runs: Remote<TestRuns>; waits: Remote<TestWaits> } {
  const known = async (id: string): Promise<TestRun> => ({
    ...(await client.runs.get(id)),
    events: await client.runs.events(id),
  });
  const describe = (id: string) => (): Promise<string> => reasonOf(client, id);
  return {
    executorJobs: {
      create: async ({ project = defaultProject, slug, name = slug, ...fields }) =>
        (await client.call("POST", "/v1/jobs", { body: { ...fields, slug, name, project_id: project } })).json<{
          id: string;
        }>().id,
    },
    runs: {
      trigger: ({ job, project = defaultProject, idempotency_key, ...fields }) =>
        client.runs.trigger(job, fields, project, idempotency_key),
      get: (id) => orUndefined(known(id)),
      list: async () => {
        const all = await client.runs.list({ limit: MAX_LISTED, project: onlyProject });
        return Promise.all(all.toReversed().map(({ id }) => known(id)));
      },
      waitFor: async (id, wanted, options) => {
        const asWanted = async (): Promise<TestRun | undefined> => {
          const run = await known(id);
          return typeof wanted === "string" || wanted(run) ? run : undefined;
        };
        if (typeof wanted === "string") {
          await waitForRemoteStatus(client.call, { run: id, status: wanted }, describe(id), options);
        }
        return waitForRemote(asWanted, describe(id), options);
      },
    },
    waits: {
      list: async ({ project = defaultProject } = {}) =>
        (await client.call("GET", "/v1/events", { query: { project_id: project, limit: MAX_WAITS } })).json<{
          data: PlainWait[];
        }>().data,
      send: async (key, payload, { project = onlyProject } = {}) => {
        await client.runs.sendEvent(key, payload === undefined ? {} : { payload }, project);
      },
    },
  };
}
