import type { OpikLocalClient } from "../../client/client.ts";
import type { TestJob, TestJobs } from "../jobs.ts";
import { MAX_LISTED, type Remote } from "./remote.ts";
import { orUndefined, reasonOf, waitForRemote, waitForRemoteStatus } from "./waiting.ts";

/** The jobs of a server that runs elsewhere. */
export function remoteJobs(client: OpikLocalClient): Remote<TestJobs> {
  const known = async (id: string): Promise<TestJob> => ({
    ...(await client.jobs.get(id)),
    logs: await client.jobs.logs(id),
  });
  const describe = (id: string) => (): Promise<string> => reasonOf(client, id);
  return {
    create: (job) => client.jobs.create(job),
    get: (id) => orUndefined(known(id)),
    list: async () => {
      const all = await client.jobs.list({ limit: MAX_LISTED });
      return Promise.all(all.toReversed().map(async (job) => ({ ...job, logs: await client.jobs.logs(job.id) })));
    },
    cancel: (id) => client.jobs.cancel(id),
    waitFor: async (id, wanted, options) => {
      const asWanted = async (): Promise<TestJob | undefined> => {
        const job = await known(id);
        return typeof wanted === "string" || wanted(job) ? job : undefined;
      };
      if (typeof wanted === "string") {
        await waitForRemoteStatus(client.call, { job: id, status: wanted }, describe(id), options);
      }
      return waitForRemote(asWanted, describe(id), options);
    },
  };
}
