import { type ConformanceCase, idInLocation } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { span, trace } from "../given.ts";

const PRIVATE = "/v1/private";
const UNKNOWN = "0190babc-62a0-71d2-832a-0feffa4676eb";

/** Comments on traces and spans [opik 7.13]. */
export const commentCases: readonly ConformanceCase[] = (["trace", "span"] as const).flatMap(
  (kind): ConformanceCase[] => {
    const base = `${PRIVATE}/${kind}s`;
    const read = `GET ${base}/<${kind}>`;
    const add = {
      send: `POST ${base}/<${kind}>/comments`,
      status: 201,
      answerHeaders: { location: new RegExp(`${base}/[0-9a-f-]{36}/comments/[0-9a-f-]{36}$`) },
    };
    return [
      {
        name: `comments on a ${kind} are read with it, the oldest first`,
        given: [trace(), span()],
        steps: [
          { ...add, body: { text: "first", source_queue_id: UNKNOWN }, remember: { comment: idInLocation } },
          { ...add, body: { text: "second" } },
          { send: read, status: 200, match: { comments: [{ id: "<comment>", text: "first" }, { text: "second" }] } },
          {
            send: `GET ${base}/<${kind}>/comments/<comment>`,
            status: 200,
            json: {
              id: "<comment>",
              text: "first",
              source_queue_id: UNKNOWN,
              created_at: TIMESTAMP,
              last_updated_at: TIMESTAMP,
              created_by: "admin",
              last_updated_by: "admin",
            },
          },
        ],
      },
      {
        name: `a comment on a ${kind} is changed and deleted`,
        given: [trace(), span()],
        steps: [
          { ...add, body: { text: "first" }, remember: { comment: idInLocation } },
          { send: `PATCH ${base}/comments/<comment>`, body: { text: "changed" }, status: 204 },
          { send: read, status: 200, match: { comments: [{ id: "<comment>", text: "changed" }] } },
          { send: `POST ${base}/comments/delete`, body: { ids: ["<comment>", UNKNOWN] }, status: 204 },
          { send: read, status: 200, match: { id: `<${kind}>` }, absent: ["comments"] },
          {
            send: `GET ${base}/<${kind}>/comments/<comment>`,
            status: 404,
            message: "Comment id: <comment> not found",
          },
        ],
      },
      {
        name: `comments on ${kind}s that make no sense are refused`,
        given: [trace(), span()],
        steps: [
          {
            send: `POST ${base}/${UNKNOWN}/comments`,
            body: { text: "x" },
            status: 404,
            message: `${kind} id: ${UNKNOWN} not found`,
          },
          {
            send: `POST ${base}/<${kind}>/comments`,
            body: { text: " " },
            status: 422,
            errors: ["text must not be blank"],
          },
          { ...add, body: { text: "x" }, remember: { comment: idInLocation } },
          {
            send: `GET ${base}/${UNKNOWN}/comments/<comment>`,
            status: 404,
            message: "Comment id: <comment> not found",
          },
          {
            send: `PATCH ${base}/comments/${UNKNOWN}`,
            body: { text: "x" },
            status: 404,
            message: `Comment id: ${UNKNOWN} not found`,
          },
          {
            send: `POST ${base}/comments/delete`,
            body: { ids: [] },
            status: 422,
            errors: ["ids size must be between 1 and 1000"],
          },
        ],
      },
    ];
  },
);
