import type { Route } from "../../../http/route.ts";
import type { Caller } from "../../wire/caller.ts";
import { pathText, queryCursor, queryLimit, queryText } from "../../wire/parameters.ts";
import type { DefineRunsRoute } from "../../wire/route.ts";
import {
  cloneJobRequest,
  createJobRequest,
  job,
  jobPage,
  jobVersion,
  jobVersionPage,
  pauseJobRequest,
  setEndpointRequest,
  setEndpointResponse,
  updateJobRequest,
} from "./schema.ts";
import type { JobService } from "./service.ts";

const tag = "Executor jobs";
const pathParameters = { jobId: pathText };
const paging = { limit: queryLimit(), cursor: queryCursor() };

/** Create, list, read, change and delete jobs; pause and resume them; their versions. */
export function jobRoutes(route: DefineRunsRoute<Caller>, jobs: JobService): Route[] {
  return [
    route({
      method: "POST",
      path: "/v1/jobs",
      id: "createExecutorJob",
      tag,
      summary: "Create a job",
      scope: "jobs:write",
      idempotent: true,
      body: createJobRequest,
      responses: { 201: job },
      handle: ({ caller, body }) => ({ status: 201, body: jobs.create(caller, body) }),
    }),
    route({
      method: "GET",
      path: "/v1/jobs",
      id: "listExecutorJobs",
      tag,
      summary: "List jobs, newest first",
      scope: "jobs:read",
      query: { slug: queryText, tag_key: queryText, tag_value: queryText, ...paging },
      responses: { 200: jobPage },
      handle: ({ caller, query }) => ({ status: 200, body: jobs.list(caller, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/jobs/:jobId",
      id: "getExecutorJob",
      tag,
      summary: "Get a job by its id",
      scope: "jobs:read",
      pathParameters,
      responses: { 200: job },
      handle: ({ caller, path }) => ({ status: 200, body: jobs.get(caller, path.jobId) }),
    }),
    route({
      method: "PATCH",
      path: "/v1/jobs/:jobId",
      id: "updateExecutorJob",
      tag,
      summary: "Change a job, which makes a new version of it",
      scope: "jobs:write",
      pathParameters,
      body: updateJobRequest,
      responses: { 200: job },
      handle: ({ caller, path, body }) => ({ status: 200, body: jobs.update(caller, path.jobId, body) }),
    }),
    route({
      method: "DELETE",
      path: "/v1/jobs/:jobId",
      id: "deleteExecutorJob",
      tag,
      summary: "Delete a job whose runs have all ended, and its runs",
      scope: "jobs:write",
      pathParameters,
      responses: { 204: undefined },
      handle: async ({ caller, path }) => {
        await jobs.delete(caller, path.jobId);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/pause",
      id: "pauseExecutorJob",
      tag,
      summary: "Pause a job: it cannot be triggered until it is resumed",
      scope: "jobs:write",
      pathParameters,
      body: pauseJobRequest,
      responses: { 200: job },
      handle: ({ caller, path, body }) => ({ status: 200, body: jobs.pause(caller, path.jobId, body.reason) }),
    }),
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/resume",
      id: "resumeExecutorJob",
      tag,
      summary: "Resume a paused job",
      scope: "jobs:write",
      pathParameters,
      responses: { 200: job },
      handle: ({ caller, path }) => ({ status: 200, body: jobs.resume(caller, path.jobId) }),
    }),
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/clone",
      id: "cloneExecutorJob",
      tag,
      summary: "Make a job like this one",
      scope: "jobs:write",
      pathParameters,
      body: cloneJobRequest,
      responses: { 201: job },
      handle: ({ caller, path, body }) => ({ status: 201, body: jobs.clone(caller, path.jobId, body) }),
    }),
    route({
      method: "POST",
      path: "/v1/jobs/:jobId/endpoint",
      id: "setExecutorJobEndpoint",
      tag,
      summary: "Set where a job's runs are pushed to",
      scope: "jobs:write",
      pathParameters,
      body: setEndpointRequest,
      responses: { 200: setEndpointResponse },
      handle: ({ caller, path, body }) => ({ status: 200, body: jobs.setEndpoint(caller, path.jobId, body) }),
    }),
    route({
      method: "GET",
      path: "/v1/jobs/:jobId/versions",
      id: "listExecutorJobVersions",
      tag,
      summary: "List a job's versions, newest first",
      scope: "jobs:read",
      pathParameters,
      query: paging,
      responses: { 200: jobVersionPage },
      handle: ({ caller, path, query }) => ({ status: 200, body: jobs.versions(caller, path.jobId, query) }),
    }),
    route({
      method: "GET",
      path: "/v1/jobs/:jobId/versions/:versionId",
      id: "getExecutorJobVersion",
      tag,
      summary: "Get one version of a job",
      scope: "jobs:read",
      pathParameters: { ...pathParameters, versionId: pathText },
      responses: { 200: jobVersion },
      handle: ({ caller, path }) => ({ status: 200, body: jobs.version(caller, path.jobId, path.versionId) }),
    }),
  ];
}
