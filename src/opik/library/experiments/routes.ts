import type { Route } from "../../../http/route.ts";
import { queryFilters } from "../../search/filters.ts";
import { scoreNames } from "../../tracing/feedback/schema.ts";
import { idBatch } from "../../wire/id-batch.ts";
import { pageQuery } from "../../wire/page.ts";
import { pathUuid, queryBoolean, queryIds, queryText, queryTexts, queryUuid } from "../../wire/parameters.ts";
import { recordStream } from "../../wire/record-stream.ts";
import type { DefineOpikRoute } from "../../wire/route.ts";
import { querySorting } from "../../wire/sorting.ts";
import { EXPERIMENT_FIELDS } from "./filters.ts";
import type { ExperimentItemService } from "./items/service.ts";
import {
  createExperimentRequest,
  experiment,
  experimentPage,
  SORTABLE_EXPERIMENT_FIELDS,
  streamExperimentsRequest,
  updateExperimentRequest,
  updateExperimentsRequest,
} from "./schema.ts";
import type { ExperimentService } from "./service.ts";

export const EXPERIMENTS_PATH = "/v1/private/experiments";

const tag = "Experiments";
const pathParameters = { id: pathUuid };

const listQuery = {
  ...pageQuery,
  // The SDKs write it so; the web page writes the other.
  datasetId: queryUuid,
  dataset_id: queryUuid,
  optimization_id: queryUuid,
  name: queryText,
  types: queryTexts,
  experiment_ids: queryTexts,
  dataset_deleted: queryBoolean,
  project_deleted: queryBoolean,
  prompt_id: queryUuid,
  filters: queryFilters(EXPERIMENT_FIELDS),
  sorting: querySorting(SORTABLE_EXPERIMENT_FIELDS),
};

/** The list of a project is not filtered by prompts. */
const { dataset_id: _, prompt_id: __, project_deleted: ___, ...projectListQuery } = listQuery;

/** Routes that create, get, list, stream, update, finish and delete experiments. */
export function experimentRoutes(
  route: DefineOpikRoute,
  experiments: ExperimentService,
  items: ExperimentItemService,
): Route[] {
  return [
    route({
      method: "POST",
      path: EXPERIMENTS_PATH,
      id: "createExperiment",
      tag,
      summary: "Create experiment",
      body: createExperimentRequest,
      responses: { 201: undefined },
      handle: ({ owner, body, origin }) => {
        const id = experiments.create(owner, body);
        return { status: 201, headers: { location: `${origin}${EXPERIMENTS_PATH}/${id}` } };
      },
    }),
    route({
      method: "GET",
      path: EXPERIMENTS_PATH,
      id: "findExperiments",
      tag,
      summary: "Find experiments",
      query: { ...listQuery, project_id: queryUuid },
      responses: { 200: experimentPage },
      handle: async ({ owner, query }) => {
        const filter = { ...query, dataset_id: query.datasetId ?? query.dataset_id };
        return { status: 200, body: await experiments.list(owner, filter) };
      },
    }),
    route({
      method: "GET",
      path: "/v1/private/projects/:projectId/experiments",
      id: "findExperimentsByProject",
      tag: "Projects",
      summary: "Find experiments of a project",
      pathParameters: { projectId: pathUuid },
      query: projectListQuery,
      responses: { 200: experimentPage },
      handle: async ({ owner, path, query }) => {
        const filter = { ...query, dataset_id: query.datasetId, project_id: path.projectId, prompt_id: undefined };
        return { status: 200, body: await experiments.list(owner, filter) };
      },
    }),
    route({
      method: "GET",
      path: `${EXPERIMENTS_PATH}/feedback-scores/names`,
      id: "findFeedbackScoreNames",
      tag,
      summary: "Find Feedback Score names",
      query: { experiment_ids: queryIds, project_id: queryUuid },
      responses: { 200: scoreNames },
      handle: ({ owner, query: { experiment_ids, project_id } }) => ({
        status: 200,
        body: { scores: items.scoreNames(owner, experiment_ids, project_id).map((name) => ({ name })) },
      }),
    }),
    route({
      method: "POST",
      path: `${EXPERIMENTS_PATH}/stream`,
      id: "streamExperiments",
      tag,
      summary: "Stream experiments",
      body: streamExperimentsRequest,
      streams: true,
      responses: { 200: experiment },
      handle: async ({ owner, body }) => recordStream(await experiments.stream(owner, body)),
    }),
    route({
      method: "POST",
      path: `${EXPERIMENTS_PATH}/finish`,
      id: "finishExperiments",
      tag,
      summary: "Finish experiments",
      body: idBatch,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        experiments.finish(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "POST",
      path: `${EXPERIMENTS_PATH}/delete`,
      id: "deleteExperimentsById",
      tag,
      summary: "Delete experiments by id",
      body: idBatch,
      responses: { 204: undefined },
      handle: async ({ owner, body }) => {
        await experiments.delete(owner, body.ids);
        return { status: 204 };
      },
    }),
    route({
      method: "PATCH",
      path: `${EXPERIMENTS_PATH}/batch`,
      id: "batchUpdateExperiments",
      tag,
      summary: "Batch update experiments",
      body: updateExperimentsRequest,
      responses: { 204: undefined },
      handle: ({ owner, body }) => {
        experiments.updateBatch(owner, body);
        return { status: 204 };
      },
    }),
    route({
      method: "GET",
      path: `${EXPERIMENTS_PATH}/:id`,
      id: "getExperimentById",
      tag,
      summary: "Get experiment by id",
      pathParameters,
      responses: { 200: experiment },
      handle: async ({ owner, path }) => ({ status: 200, body: await experiments.get(owner, path.id) }),
    }),
    route({
      method: "PATCH",
      path: `${EXPERIMENTS_PATH}/:id`,
      id: "updateExperiment",
      tag,
      summary: "Update experiment by id",
      pathParameters,
      body: updateExperimentRequest,
      responses: { 204: undefined },
      handle: ({ owner, path, body }) => {
        experiments.update(owner, path.id, body);
        return { status: 204 };
      },
    }),
  ];
}
