import type { ConformanceCase } from "../../case.ts";
import { TIMESTAMP, without } from "../../expected.ts";
import { newIds, query, span, trace } from "../given.ts";

const PRIVATE = "/v1/private";
const PROJECT = { project_name: "<projectname>" };
const UNKNOWN = "0190babc-62a0-71d2-832a-0feffa4676eb";

/** The whole score of one author. */
function scored(
  name: string,
  value: number,
  given: { reason?: string; category_name?: string; source_queue_id?: string } = {},
): object {
  const times = { created_at: TIMESTAMP, last_updated_at: TIMESTAMP, created_by: "admin", last_updated_by: "admin" };
  const byAuthor = { value, source: "sdk", last_updated_at: TIMESTAMP, author: "admin", ...given };
  return { name, value, source: "sdk", ...times, ...given, value_by_author: { admin: byAuthor } };
}

/** Scoring traces and spans [opik 7.12]. */
export const feedbackScoreCases: readonly ConformanceCase[] = [
  ...(["trace", "span"] as const).flatMap((kind): ConformanceCase[] => {
    const base = `${PRIVATE}/${kind}s`;
    const read = `GET ${base}/<${kind}>`;
    const label = kind === "trace" ? "Trace" : "Span";
    return [
      {
        name: `scores of a ${kind} are read with it, one of each name`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: [
                { id: `<${kind}>`, ...PROJECT, name: "quality", value: 0.25, source: "sdk", category_name: null },
                {
                  id: `<${kind}>`,
                  ...PROJECT,
                  name: "accuracy",
                  value: 1,
                  source: "sdk",
                  reason: "right",
                  category_name: "c",
                  source_queue_id: UNKNOWN,
                },
                { id: `<${kind}>`, ...PROJECT, name: "quality", value: 0.5, source: "sdk" },
              ],
            },
            status: 204,
          },
          {
            send: read,
            status: 200,
            match: {
              feedback_scores: [
                scored("accuracy", 1, { reason: "right", category_name: "c", source_queue_id: UNKNOWN }),
                scored("quality", 0.5),
              ],
            },
          },
          {
            send: `GET ${base}?project_id=<project>`,
            status: 200,
            match: { content: [{ feedback_scores: [{ name: "accuracy" }, { name: "quality" }] }] },
          },
        ],
      },
      {
        name: `the scores of several authors of a ${kind} are averaged`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: [
                {
                  id: `<${kind}>`,
                  name: "quality",
                  value: 1,
                  source: "sdk",
                  author: "ann",
                  reason: "good",
                  category_name: "x",
                },
                { id: `<${kind}>`, name: "quality", value: 0, source: "ui", author: "bob" },
              ],
            },
            status: 204,
          },
          {
            send: read,
            status: 200,
            match: {
              feedback_scores: [
                {
                  name: "quality",
                  value: 0.5,
                  reason: "good, <no reason>",
                  category_name: "x",
                  value_by_author: {
                    ann: { value: 1, reason: "good", category_name: "x" },
                    bob: { value: 0, source: "ui" },
                  },
                },
              ],
            },
          },
          {
            send: `POST ${base}/<${kind}>/feedback-scores/delete`,
            body: { name: "quality", author: "ann" },
            status: 204,
          },
          {
            send: read,
            status: 200,
            match: { feedback_scores: [{ value: 0, value_by_author: { bob: { value: 0 } } }] },
          },
        ],
      },
      {
        name: `a ${kind} can be scored before it comes`,
        given: [newIds("trace", "span")],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: { scores: [{ id: `<${kind}>`, name: "early", value: -1.5, source: "online_scoring" }] },
            status: 204,
          },
          {
            send: `POST ${base}`,
            body: { id: `<${kind}>`, trace_id: "<trace>", ...PROJECT, start_time: "2026-01-01T00:00:00Z" },
            status: 201,
            answerHeaders: { location: /./ },
          },
          {
            send: read,
            status: 200,
            match: { feedback_scores: [{ name: "early", value: -1.5, source: "online_scoring" }] },
          },
        ],
      },
      {
        name: `one ${kind} that exists is scored by its id`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/<${kind}>/feedback-scores`,
            body: { name: "quality", value: 0.75, source: "ui", reason: "fine", category_name: "c" },
            status: 204,
          },
          {
            send: read,
            status: 200,
            match: {
              feedback_scores: [{ name: "quality", value: 0.75, source: "ui", reason: "fine", category_name: "c" }],
            },
          },
          {
            send: `PUT ${base}/${UNKNOWN}/feedback-scores`,
            body: { name: "quality", value: 0.75, source: "ui" },
            status: 404,
            message: `${label} id: ${UNKNOWN} not found`,
          },
          {
            send: `PUT ${base}/<${kind}>/feedback-scores`,
            body: {},
            status: 422,
            errors: ["name must not be blank", "value must not be null", "source must not be null"],
          },
        ],
      },
      {
        name: `a score of a ${kind} is deleted by its name`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: ["one", "two"].map((name) => ({ id: `<${kind}>`, ...PROJECT, name, value: 1, source: "sdk" })),
            },
            status: 204,
          },
          { send: `POST ${base}/<${kind}>/feedback-scores/delete`, body: { name: "one" }, status: 204 },
          { send: read, status: 200, match: { feedback_scores: [{ name: "two" }] } },
          { send: `POST ${base}/<${kind}>/feedback-scores/delete`, body: { name: "two" }, status: 204 },
          { send: read, status: 200, match: { id: `<${kind}>` }, absent: ["feedback_scores"] },
          { send: `POST ${base}/${UNKNOWN}/feedback-scores/delete`, body: { name: "two" }, status: 204 },
          {
            send: `POST ${base}/<${kind}>/feedback-scores/delete`,
            body: {},
            status: 422,
            errors: ["name must not be blank"],
          },
        ],
      },
      {
        name: `a batch of scores of ${kind}s that makes no sense is refused, and none is kept`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: { scores: [{ id: `<${kind}>`, name: "q", value: 1, source: "sdk" }, { name: " " }] },
            status: 422,
            errors: [
              "scores[1].id must not be null",
              "scores[1].name must not be blank",
              "scores[1].value must not be null",
              "scores[1].source must not be null",
            ],
          },
          {
            send: `PUT ${base}/feedback-scores`,
            body: { scores: [] },
            status: 422,
            errors: ["scores size must be between 1 and 1000"],
          },
          { send: `PUT ${base}/feedback-scores`, body: {}, status: 422, errors: ["scores must not be null"] },
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: [
                { id: `<${kind}>`, name: "q", value: 1e9, source: "sdk" },
                { id: `<${kind}>`, name: "q", value: -1e9, source: "sdk" },
              ],
            },
            status: 422,
            errors: [
              "scores[0].value must be less than or equal to 999999999.999999999",
              "scores[1].value must be greater than or equal to -999999999.999999999",
            ],
          },
          {
            send: `PUT ${base}/feedback-scores`,
            body: { scores: [{ id: `<${kind}>`, name: "q", value: 1, source: "nobody" }] },
            status: 400,
            message: /^Unable to process JSON\. .*nobody/,
          },
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: [
                { id: `<${kind}>`, name: "q", value: 1, source: "sdk" },
                { id: "0190babc-62a0-41d2-832a-0feffa4676eb", name: "q", value: 1, source: "sdk" },
              ],
            },
            status: 400,
            json: { code: 400, message: "Invalid UUID for id", details: `${kind} id must be a version 7 UUID` },
          },
          { send: read, status: 200, match: { id: `<${kind}>` }, absent: ["feedback_scores"] },
        ],
      },
      {
        name: `${kind}s are filtered and sorted by their scores`,
        given: [trace(), trace("better"), span(), span("betterspan")],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: [
                { id: `<${kind}>`, name: "quality", value: 0.25, source: "sdk" },
                { id: kind === "trace" ? "<better>" : "<betterspan>", name: "Quality", value: 0.75, source: "sdk" },
              ],
            },
            status: 204,
          },
          ...(
            [
              ["quality", ">", "0.5", 1],
              ["quality", ">=", "0.25", 2],
              ["QUALITY", "=", "0.250", 1],
              ["quality", "!=", "0.25", 1],
              ["quality", "is_not_empty", "", 2],
              ["quality", "is_empty", "", 0],
              ["other", "is_empty", "", 2],
            ] as const
          ).map(([key, operator, value, total]) => ({
            send: `GET ${base}?project_id=<project>&${query({ filters: JSON.stringify([{ field: "feedback_scores", operator, key, value }]) })}`,
            status: 200,
            match: { total },
          })),
          {
            send: `GET ${base}?project_id=<project>&${query({ sorting: '[{"field":"feedback_scores.quality","direction":"ASC"}]' })}`,
            status: 200,
            match: { total: 2, content: [{ id: `<${kind}>` }, {}] },
          },
        ],
      },
      {
        name: `the names of scores of ${kind}s are those of a project, or all`,
        given: [trace(), span()],
        steps: [
          {
            send: `PUT ${base}/feedback-scores`,
            body: {
              scores: ["b", "a", "b"].map((name) => ({ id: `<${kind}>`, ...PROJECT, name, value: 1, source: "sdk" })),
            },
            status: 204,
          },
          {
            send: `GET ${base}/feedback-scores/names?project_id=<project>`,
            status: 200,
            json: { scores: [{ name: "a" }, { name: "b" }] },
          },
          {
            send: `GET ${base}/feedback-scores/names?project_id=<unknown>`,
            status: 404,
            errors: ["Project not found"],
          },
        ],
      },
    ];
  }),
  {
    name: "a trace has the averages of its spans' scores",
    given: [trace(), span(), span("second")],
    steps: [
      {
        send: `PUT ${PRIVATE}/spans/feedback-scores`,
        body: {
          scores: [
            { id: "<span>", name: "speed", value: 1, source: "sdk" },
            { id: "<second>", name: "speed", value: 0.5, source: "sdk" },
          ],
        },
        status: 204,
      },
      {
        send: `GET ${PRIVATE}/traces/<trace>`,
        status: 200,
        match: { span_feedback_scores: [{ name: "speed", value: 0.75, source: "sdk" }] },
        absent: ["feedback_scores"],
      },
      {
        send: `GET ${PRIVATE}/traces?project_id=<project>&${query({ filters: '[{"field":"span_feedback_scores","key":"speed","operator":"=","value":"0.75"}]' })}`,
        status: 200,
        match: { total: 1 },
      },
      {
        send: `GET ${PRIVATE}/traces?project_id=<project>&exclude=["span_feedback_scores"]`.replaceAll('"', "%22"),
        status: 200,
        match: { total: 1, content: [without("span_feedback_scores")] },
      },
    ],
  },
  {
    name: "a score of the category of assertions is not read as a score",
    given: [trace()],
    steps: [
      {
        send: `PUT ${PRIVATE}/traces/feedback-scores`,
        body: {
          scores: [{ id: "<trace>", name: "is polite", value: 1, source: "sdk", category_name: "suite_assertion" }],
        },
        status: 204,
      },
      { send: `GET ${PRIVATE}/traces/<trace>`, status: 200, match: { id: "<trace>" }, absent: ["feedback_scores"] },
    ],
  },
  {
    name: "the names of scores of several projects",
    given: [trace()],
    steps: [
      {
        send: `PUT ${PRIVATE}/traces/feedback-scores`,
        body: { scores: [{ id: "<trace>", ...PROJECT, name: "quality", value: 1, source: "sdk" }] },
        status: 204,
      },
      {
        send: `GET ${PRIVATE}/projects/feedback-scores/names?project_ids=%5B%22<project>%22%5D`,
        status: 200,
        json: { scores: [{ name: "quality" }] },
      },
      {
        send: `GET ${PRIVATE}/projects/feedback-scores/names?project_ids=%5B%22<unknown>%22%5D`,
        status: 200,
        json: { scores: [] },
      },
      {
        send: `GET ${PRIVATE}/projects/feedback-scores/names?project_ids=x`,
        status: 400,
        message: "Invalid query param ids 'x'",
      },
    ],
  },
];
