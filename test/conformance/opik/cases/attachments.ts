import type { ConformanceCase, Step } from "../../case.ts";
import { newIds } from "../given.ts";

const ATTACHMENT = "/v1/private/attachment";
const START = `POST ${ATTACHMENT}/upload-start`;
/** `http://opik.test/api/` in base64. */
const BASE = "aHR0cDovL29waWsudGVzdC9hcGkv";
const UPLOAD = `PUT ${ATTACHMENT}/upload?entity_type=trace&entity_id=<trace>&project_name=<projectname>`;
const LIST = `GET ${ATTACHMENT}/list?project_id=<project>&entity_type=trace&entity_id=<trace>&path=${BASE}`;
const DOWNLOAD = `GET ${ATTACHMENT}/download?container_id=<project>&entity_type=trace&entity_id=<trace>&mime_type=x`;

const upload = (name: string, content: string, type = "text/plain"): Step => ({
  send: `${UPLOAD}&file_name=${name}&mime_type=${encodeURIComponent(type)}`,
  body: content,
  headers: { "content-type": "application/octet-stream" },
  status: 204,
  text: "",
});

/** Attachments [opik 9.4]. */
export const attachmentCases: readonly ConformanceCase[] = [
  {
    name: "an upload begins with the URL of this server, as the client calls it",
    given: [newIds("trace")],
    steps: [
      {
        send: START,
        body: {
          file_name: "a b.txt",
          num_of_file_parts: 1,
          mime_type: "text/plain",
          project_name: "P 1",
          entity_type: "trace",
          entity_id: "<trace>",
          path: BASE,
        },
        status: 200,
        json: {
          upload_id: "BEMinIO",
          pre_sign_urls: [
            "http://opik.test/api/v1/private/attachment/upload?file_name=a+b.txt&mime_type=text%2Fplain&entity_type=trace&entity_id=<trace>&project_name=P+1",
          ],
        },
      },
      {
        send: START,
        body: { file_name: "a.PNG", num_of_file_parts: 2, entity_type: "span", entity_id: "<trace>", path: BASE },
        status: 200,
        json: {
          upload_id: "BEMinIO",
          pre_sign_urls: [
            "http://opik.test/api/v1/private/attachment/upload?file_name=a.PNG&mime_type=image%2Fpng&entity_type=span&entity_id=<trace>",
          ],
        },
      },
      {
        send: START,
        body: { file_name: "a", num_of_file_parts: 1, entity_type: "trace", entity_id: "<trace>", path: "bm8" },
        status: 400,
        json: { code: 400, message: "'bm8' is not a URL in base64" },
      },
      {
        send: START,
        body: {},
        status: 422,
        errors: [
          "fileName must not be blank",
          "numOfFileParts must not be null",
          "entityType must not be null",
          "entityId must not be null",
          "path must not be blank",
        ],
      },
    ],
  },
  {
    name: "a file that an SDK took out of a record is read in its place",
    given: [newIds("trace", "span")],
    steps: [
      {
        send: "POST /v1/private/traces/batch",
        body: {
          traces: [
            {
              id: "<trace>",
              project_name: "<projectname>",
              start_time: "2026-01-01T00:00:00Z",
              input: {
                image: "[input-attachment-1-1767225600000-sdk.png]",
                other: "[input-attachment-2-1767225600000.png]",
              },
              output: "see [output-attachment-1-1767225600000.txt], [note.txt]",
            },
          ],
        },
        status: 204,
      },
      {
        send: "POST /v1/private/spans/batch",
        body: {
          spans: [
            {
              id: "<span>",
              trace_id: "<trace>",
              project_name: "<projectname>",
              start_time: "2026-01-01T00:00:00Z",
              metadata: { image: "[metadata-attachment-1-1767225600000-sdk.png]" },
            },
          ],
        },
        status: 204,
      },
      upload("input-attachment-1-1767225600000-sdk.png", "png"),
      upload("output-attachment-1-1767225600000.txt", "text"),
      upload("note.txt", "note"),
      {
        ...upload("metadata-attachment-1-1767225600000-sdk.png", "of a span"),
        send: `PUT ${ATTACHMENT}/upload?entity_type=span&entity_id=<span>&project_name=<projectname>&file_name=metadata-attachment-1-1767225600000-sdk.png`,
      },
      {
        send: "GET /v1/private/traces/<trace>",
        status: 200,
        match: {
          input: { image: "cG5n", other: "[input-attachment-2-1767225600000.png]" },
          output: "see dGV4dA==, [note.txt]",
        },
      },
      {
        send: "GET /v1/private/traces/<trace>?strip_attachments=true",
        status: 200,
        match: { input: { image: "[input-attachment-1-1767225600000-sdk.png]" } },
      },
      {
        send: "GET /v1/private/spans/<span>",
        status: 200,
        match: { metadata: { image: "b2YgYSBzcGFu" } },
      },
      {
        send: "GET /v1/private/spans?project_name=<projectname>",
        status: 200,
        match: { content: [{ id: "<span>", metadata: { image: "b2YgYSBzcGFu" } }] },
      },
      {
        send: "GET /v1/private/traces?project_name=<projectname>",
        status: 200,
        match: { content: [{ id: "<trace>", input: { image: "cG5n" } }] },
      },
      {
        send: "GET /v1/private/traces?project_name=<projectname>&strip_attachments=true",
        status: 200,
        match: { content: [{ id: "<trace>", input: { image: "[input-attachment-1-1767225600000-sdk.png]" } }] },
      },
      {
        send: "POST /v1/private/traces/search",
        body: { project_name: "<projectname>" },
        status: 200,
        lines: [{ id: "<trace>", input: { image: "cG5n" } }],
      },
      {
        send: "POST /v1/private/traces/search",
        body: { project_name: "<projectname>", strip_attachments: true },
        status: 200,
        lines: [{ id: "<trace>", input: { image: "[input-attachment-1-1767225600000-sdk.png]" } }],
      },
    ],
  },
  {
    name: "a file is uploaded, listed and downloaded",
    given: [newIds("trace")],
    steps: [
      upload("note.txt", "Hello, wörld"),
      upload("a%20b.bin", "", "application/x-thing"),
      {
        send: LIST,
        status: 200,
        json: {
          page: 1,
          size: 2,
          total: 2,
          content: [
            {
              link: "http://opik.test/api/v1/private/attachment/download?workspace_name=default&container_id=<project>&file_name=a+b.bin&mime_type=application%2Fx-thing&entity_type=trace&entity_id=<trace>",
              file_name: "a b.bin",
              file_size: 0,
              mime_type: "application/x-thing",
            },
            {
              link: "http://opik.test/api/v1/private/attachment/download?workspace_name=default&container_id=<project>&file_name=note.txt&mime_type=text%2Fplain&entity_type=trace&entity_id=<trace>",
              file_name: "note.txt",
              file_size: 13,
              mime_type: "text/plain",
            },
          ],
          sortable_by: [],
        },
      },
      { send: `${LIST}&size=1&page=2`, status: 200, match: { page: 2, size: 1, content: [{ file_name: "note.txt" }] } },
      {
        send: `${DOWNLOAD}&file_name=note.txt&workspace_name=default`,
        status: 200,
        text: "Hello, wörld",
        answerHeaders: {
          "content-type": "text/plain",
          "content-length": "13",
          "content-disposition": "attachment; filename*=UTF-8''note.txt",
          "x-content-type-options": "nosniff",
        },
      },
      { send: `${DOWNLOAD}&file_name=a%20b.bin`, status: 200, text: "", answerHeaders: { "content-length": "0" } },
      {
        send: `${DOWNLOAD}&file_name=other`,
        status: 404,
        json: { code: 404, message: "Attachment 'other' not found" },
      },
      { send: `${DOWNLOAD}&file_name=note.txt&workspace_name=other`, status: 404, message: "Workspace not found" },
      upload("note.txt", "Bye", "text/x-other"),
      { send: LIST, status: 200, match: { total: 2, content: [{}, { file_size: 3, mime_type: "text/x-other" }] } },
      {
        send: `${DOWNLOAD}&file_name=note.txt`,
        status: 200,
        text: "Bye",
        answerHeaders: { "content-type": "text/x-other" },
      },
    ],
  },
  {
    name: "a part of a file is downloaded",
    ours: "the real server sends the whole file",
    given: [newIds("trace")],
    steps: [
      upload("digits", "0123456789"),
      ...(
        [
          ["bytes=2-4", "234", "bytes 2-4/10"],
          ["bytes=7-", "789", "bytes 7-9/10"],
          ["bytes=-3", "789", "bytes 7-9/10"],
          ["bytes=8-100", "89", "bytes 8-9/10"],
        ] as const
      ).map(([range, text, content]) => ({
        send: `${DOWNLOAD}&file_name=digits`,
        headers: { range },
        status: 206,
        text,
        answerHeaders: {
          "content-type": "text/plain",
          "content-range": content,
          "content-length": String(text.length),
          "accept-ranges": "bytes",
        },
      })),
      {
        send: `${DOWNLOAD}&file_name=digits`,
        headers: { range: "bytes=10-" },
        status: 416,
        text: "",
        answerHeaders: { "content-range": "bytes */10" },
      },
      {
        send: `${DOWNLOAD}&file_name=digits`,
        headers: { range: "lines=1" },
        status: 200,
        text: "0123456789",
        answerHeaders: { "content-type": "text/plain" },
      },
    ],
  },
  {
    name: "attachments are deleted, one by one or with their trace",
    given: [newIds("trace")],
    steps: [
      upload("one", "1"),
      upload("two", "2"),
      {
        send: `POST ${ATTACHMENT}/delete`,
        body: {
          file_names: ["one", "none"],
          entity_type: "trace",
          entity_id: "<trace>",
          container_id: "<project>",
        },
        status: 204,
        text: "",
      },
      { send: LIST, status: 200, match: { total: 1, content: [{ file_name: "two" }] } },
      {
        send: `POST ${ATTACHMENT}/delete`,
        body: {},
        status: 422,
        errors: [
          "fileNames must not be null",
          "entityType must not be null",
          "entityId must not be null",
          "containerId must not be null",
        ],
      },
      {
        send: "POST /v1/private/traces/batch",
        body: { traces: [{ id: "<trace>", project_name: "<projectname>", start_time: "2026-01-01T00:00:00Z" }] },
        status: 204,
      },
      { send: "DELETE /v1/private/traces/<trace>", status: 204 },
      { send: LIST, status: 200, match: { total: 0, content: [] } },
      { send: `${DOWNLOAD}&file_name=two`, status: 404, message: "Attachment 'two' not found" },
    ],
  },
  {
    name: "what an attachment belongs to is checked",
    given: [newIds("trace")],
    steps: [
      {
        send: `PUT ${ATTACHMENT}/upload?entity_type=trace&entity_id=<trace>`,
        body: "x",
        headers: { "content-type": "text/plain" },
        status: 400,
        errors: ["query param file_name must not be blank"],
      },
      {
        send: `PUT ${ATTACHMENT}/upload?entity_id=<trace>&file_name=a`,
        body: "x",
        status: 400,
        errors: ["query param entity_type must not be null"],
      },
      {
        send: `GET ${ATTACHMENT}/list?entity_type=trace&entity_id=<trace>`,
        status: 400,
        errors: ["query param project_id must not be null", "query param path must not be blank"],
      },
      {
        send: `GET ${ATTACHMENT}/list?project_id=<project>&entity_type=thread&entity_id=<trace>&path=${BASE}`,
        status: 400,
        message: "query param entity_type must be one of [TRACE, SPAN]",
      },
      { send: `GET ${ATTACHMENT}/list?entity_type=trace&entity_id=x`, status: 404, message: "HTTP 404 Not Found" },
      {
        send: `POST ${ATTACHMENT}/upload-complete`,
        body: {
          file_name: "a",
          entity_type: "trace",
          entity_id: "<trace>",
          file_size: 1,
          upload_id: "BEMinIO",
          uploaded_file_parts: [{ e_tag: "x", part_number: 1 }],
        },
        status: 204,
        text: "",
      },
      {
        send: `POST ${ATTACHMENT}/upload-complete`,
        body: { file_name: "a", entity_type: "trace", entity_id: "<trace>", uploaded_file_parts: [{}] },
        status: 422,
        errors: [
          "fileSize must not be null",
          "uploadId must not be blank",
          "uploadedFileParts[0].eTag must not be blank",
          "uploadedFileParts[0].partNumber must not be null",
        ],
      },
    ],
  },
];
