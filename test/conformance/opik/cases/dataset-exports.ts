import { expect } from "vitest";
import { type ConformanceCase, type Step, textAt } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { dataset, newIds } from "../given.ts";

const DATASETS = "/v1/private/datasets";
const JOBS = `${DATASETS}/export-jobs`;
const START = `POST ${DATASETS}/<dataset>/export`;
const NOT_FOUND = { status: 404, message: "Export job not found: '<unknown>'" };

/** A job as the answer that creates it has it. */
const PENDING = {
  id: UUID,
  dataset_id: "<dataset>",
  status: "PENDING",
  created_at: TIMESTAMP,
  last_updated_at: TIMESTAMP,
  expires_at: TIMESTAMP,
  created_by: "admin",
};

const COMPLETED = {
  ...PENDING,
  id: "<job>",
  dataset_name: "<datasetname>",
  status: "COMPLETED",
  file_path: expect.stringMatching(/^exports\/.+\/datasets\/[0-9a-f-]{36}\/export_[0-9TZ.-]+\.csv$/) as unknown,
  last_updated_by: "system",
};

const started: Step = { send: START, status: 202, json: PENDING, remember: { job: textAt("id") } };
const completed: Step = { until: `GET ${JOBS}/<job>`, match: { status: "COMPLETED" } };
const download = (text: string): Step => ({
  send: `GET ${JOBS}/<job>/download`,
  headers: { accept: "text/csv" },
  status: 200,
  text,
  answerHeaders: { "content-type": "text/csv", "content-disposition": 'attachment; filename="<datasetname>.csv"' },
});

/** Exports of datasets to CSV files [opik 10.4]. */
export const datasetExportCases: readonly ConformanceCase[] = [
  {
    name: "the items of a dataset are written to a file, which is downloaded",
    given: [dataset(), newIds("first", "second", "third")],
    steps: [
      {
        send: `PUT ${DATASETS}/items`,
        body: `{"dataset_id":"<dataset>","items":[
          {"id":"<first>","source":"sdk","data":{"question":"why, \\"so\\"?","n":1.50,"tags":["a"]}},
          {"id":"<second>","source":"sdk","data":{"question":" ","n":null,"more":{"a": true},"last":"#1"}},
          {"id":"<third>","source":"sdk","data":{"question":"\\u00e9t\\u00e9","n":"\\u00e9","last":"two\\nlines"}}
        ]}`,
        status: 204,
      },
      started,
      completed,
      { send: `GET ${JOBS}/<job>`, status: 200, json: COMPLETED },
      download(
        [
          "question,n,last,more,tags",
          '"été",é,"two\nlines",,',
          '" ",,"#1","{""a"": true}",',
          '"why, ""so""?",1.50,,,"[""a""]"',
          "",
        ].join("\r\n"),
      ),
    ],
  },
  {
    name: "a dataset without items has an empty file",
    given: [dataset()],
    steps: [started, completed, download("")],
  },
  {
    name: "the jobs of a workspace are listed, the newest first, and marked as viewed",
    alone: true,
    given: [dataset()],
    steps: [
      { send: `GET ${JOBS}`, status: 200, json: [] },
      started,
      completed,
      { send: START, status: 202, match: { status: "PENDING" }, remember: { second: textAt("id") } },
      { until: `GET ${JOBS}/<second>`, match: { status: "COMPLETED" } },
      { send: `GET ${JOBS}`, status: 200, json: [{ ...COMPLETED, id: "<second>" }, COMPLETED] },
      { send: `PUT ${JOBS}/<job>/mark-viewed`, status: 204 },
      {
        send: `GET ${JOBS}/<job>`,
        status: 200,
        json: { ...COMPLETED, viewed_at: TIMESTAMP, last_updated_by: "admin" },
        remember: { viewed: textAt("viewed_at") },
      },
      { advance: "1s" },
      { send: `PUT ${JOBS}/<job>/mark-viewed`, status: 204 },
      { send: `GET ${JOBS}/<job>`, status: 200, match: { viewed_at: "<viewed>" } },
      { send: `DELETE ${DATASETS}/<dataset>`, status: 204 },
      { send: `GET ${JOBS}/<job>`, status: 200, match: { status: "COMPLETED" }, absent: ["dataset_name"] },
      {
        send: `GET ${JOBS}/<job>/download`,
        status: 200,
        text: "",
        answerHeaders: {
          "content-type": "text/csv",
          "content-disposition": 'attachment; filename="dataset-export-<job>.csv"',
        },
      },
    ],
  },
  {
    name: "files expire after 24 hours, with their jobs",
    alone: true,
    given: [dataset()],
    steps: [
      started,
      completed,
      { advance: "23h" },
      { send: `GET ${JOBS}`, status: 200, json: [COMPLETED] },
      { advance: "2h" },
      { send: `GET ${JOBS}`, status: 200, json: [] },
    ],
  },
  {
    name: "jobs and datasets that do not exist are not found",
    steps: [
      { send: `POST ${DATASETS}/<unknown>/export`, status: 404, errors: ["Dataset not found"] },
      { send: `GET ${JOBS}/<unknown>`, ...NOT_FOUND },
      { send: `PUT ${JOBS}/<unknown>/mark-viewed`, ...NOT_FOUND },
      { send: `GET ${JOBS}/<unknown>/download`, ...NOT_FOUND },
    ],
  },
];
