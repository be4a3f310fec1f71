import type { Route } from "../../../http/route.ts";
import { pathUuid, queryInteger, queryPageSize, queryUuid } from "../../wire/parameters.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { LOCAL_RUNNERS } from "../routes.ts";
import { createJobRequest, job, jobPage, logEntries, nextJobResponse, reportResultRequest } from "./schema.ts";
import type { JobService } from "./service.ts";

const tag = "Runners";
const pathParameters = { jobId: pathUuid };

/** Create, list, poll, read and cancel jobs; append and read logs; report results. */
export function jobRoutes(route: DefineOpikRoute, jobs: JobService): Route[] {
  return [
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/jobs`,
      id: "createJob",
      tag,
      summary: "Create local runner job",
      body: createJobRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = jobs.create(owner, body);
        return { status: 201, headers: { location: `${origin}${LOCAL_RUNNERS}/jobs/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: `${LOCAL_RUNNERS}/:runnerId/jobs`,
      id: "listJobs",
      tag,
      summary: "List local runner jobs",
      pathParameters: { runnerId: pathUuid },
      query: { project_id: queryUuid, page: queryInteger(0, 0), size: queryPageSize(25) },
      responses: { 200: jobPage },
      handle: ({ owner, path, query }) => ({ status: 200, body: jobs.list(owner, path.runnerId, query) }),
    }),
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/:runnerId/jobs/next`,
      id: "nextJob",
      tag,
      summary: "Get next local runner job (long poll)",
      pathParameters: { runnerId: pathUuid },
      longPoll: true,
      responses: { 200: nextJobResponse },
      handle: async ({ owner, path, signal }) => {
        const next = await jobs.next(owner, path.runnerId, signal);
        if (next === undefined) return { status: 200, body: null, routine: true };
        return {
          status: 200,
          body: next,
          onDelivered: () => jobs.acknowledge(next.id),
          onUndelivered: () => jobs.takeBack(next.id),
        };
      },
    }),
    route({
      method: "GET",
      path: `${LOCAL_RUNNERS}/jobs/:jobId`,
      id: "getJob",
      tag,
      summary: "Get local runner job",
      pathParameters,
      responses: { 200: job },
      handle: ({ owner, path }) => ({ status: 200, body: jobs.get(owner, path.jobId) }),
    }),
    route({
      method: "GET",
      path: `${LOCAL_RUNNERS}/jobs/:jobId/logs`,
      id: "getJobLogs",
      tag,
      summary: "Get local runner job logs",
      pathParameters,
      query: { offset: queryInteger(0, 0) },
      responses: { 200: logEntries },
      handle: ({ owner, path, query }) => ({ status: 200, body: jobs.logs(owner, path.jobId, query.offset) }),
    }),
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/jobs/:jobId/logs`,
      id: "appendJobLogs",
      tag,
      summary: "Append local runner job logs",
      noticeWhenRefused: "Log lines were refused, and SDKs don't send them again: a job's log has a gap",
      pathParameters,
      body: logEntries,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        jobs.appendLogs(owner, path.jobId, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/jobs/:jobId/results`,
      id: "reportJobResult",
      tag,
      summary: "Report local runner job result",
      pathParameters,
      body: reportResultRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        jobs.report(owner, path.jobId, body);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${LOCAL_RUNNERS}/jobs/:jobId/cancel`,
      id: "cancelJob",
      tag,
      summary: "Cancel local runner job",
      pathParameters,
      responses: { 204: undefined },
      handle: ({ owner, path }) => {
        jobs.cancel(owner, path.jobId);
        return { status: 204 };
      },
    }),
  ];
}
