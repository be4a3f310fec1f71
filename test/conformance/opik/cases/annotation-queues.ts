import { type ConformanceCase, idInLocation, type Step } from "../../case.ts";
import { TIMESTAMP } from "../../expected.ts";
import { newIds, query, trace } from "../given.ts";

const QUEUES = "/v1/private/annotation-queues";
const CREATE = `POST ${QUEUES}`;
const LOCATION = /^https?:\/\/[^/]+\/(?:api\/)?v1\/private\/annotation-queues\/[0-9a-f-]{36}$/;

/** Makes `<mine>`, a queue of traces. */
const made = (more: object = {}): Step => ({
  send: CREATE,
  body: { id: "<mine>", project_id: "<project>", name: "Mine <projectname>", scope: "trace", ...more },
  status: 201,
});

/** `<mine>` as it is read. */
const MADE = {
  id: "<mine>",
  project_id: "<project>",
  project_name: "<projectname>",
  name: "Mine <projectname>",
  description: "",
  instructions: "",
  scope: "trace",
  comments_enabled: false,
  feedback_definition_names: [],
  annotators_per_item: 1,
  lock_timeout_seconds: 300,
  items_count: 0,
  created_at: TIMESTAMP,
  created_by: "admin",
  last_updated_at: TIMESTAMP,
  last_updated_by: "admin",
};

/** `<mine>` looks like this. */
const mineIs = (match: object): Step => ({ send: `GET ${QUEUES}/<mine>`, status: 200, match });

const items = (change: "add" | "delete", ...ids: string[]): Step => ({
  send: `POST ${QUEUES}/<mine>/items/${change}`,
  body: { ids },
  status: 204,
});

const filters = (field: string, operator: string, value: string): string =>
  query({ filters: JSON.stringify([{ field, operator, value }]) });

/** The queues of `<project>` that a list has, by their ids. */
const listed = (parameters: string, ...ids: string[]): Step => ({
  send: `GET ${QUEUES}?name=%3Cprojectname%3E&${parameters}`.replace("%3Cprojectname%3E", "<projectname>"),
  status: 200,
  match: { page: 1, size: ids.length, total: ids.length, content: ids.map((id) => ({ id })) },
});

const score = (name: string, value: number, more: object = {}): Step => ({
  send: "PUT /v1/private/traces/<trace>/feedback-scores",
  body: { name, value, source: "ui", ...more },
  status: 204,
});

const LOCKED = { acquired: true, item_id: "<trace>", locked_by: "admin", expires_at: TIMESTAMP };

/** Annotation queues [opik 9.7]. */
export const annotationQueueCases: readonly ConformanceCase[] = [
  {
    name: "the items of a queue are found among others by their ids",
    given: [trace(), trace("other"), newIds("mine", "missing")],
    steps: [
      made({ id: "<mine>" }),
      items("add", "<trace>", "<other>"),
      {
        send: `POST ${QUEUES}/<mine>/items/search`,
        body: { ids: ["<missing>", "<trace>"] },
        status: 200,
        json: { content: [{ id: "<trace>", source: "manual" }] },
      },
    ],
  },
  {
    name: "an annotation queue is made with what it must have, and read back",
    given: [newIds("mine")],
    steps: [
      { ...made(), text: "", answerHeaders: { location: LOCATION } } as Step,
      { send: `GET ${QUEUES}/<mine>`, status: 200, json: MADE },
    ],
  },
  {
    name: "an annotation queue is made with all that it can have",
    given: [],
    steps: [
      {
        send: CREATE,
        body: {
          project_id: "<project>",
          name: "full",
          scope: "thread",
          description: "d",
          instructions: "i",
          comments_enabled: true,
          feedback_definition_names: ["quality"],
          annotators_per_item: 3,
          lock_timeout_seconds: 60,
        },
        status: 201,
        remember: { mine: idInLocation },
      },
      {
        send: `GET ${QUEUES}/<mine>`,
        status: 200,
        json: {
          ...MADE,
          name: "full",
          scope: "thread",
          description: "d",
          instructions: "i",
          comments_enabled: true,
          feedback_definition_names: ["quality"],
          annotators_per_item: 3,
          lock_timeout_seconds: 60,
        },
      },
    ],
  },
  {
    name: "several annotation queues are made at once, and one of an id that is there anew",
    given: [newIds("mine", "other")],
    steps: [
      made({ description: "old" }),
      {
        send: `${CREATE}/batch`,
        body: {
          annotation_queues: [
            { id: "<mine>", project_id: "<project>", name: "Mine <projectname>", scope: "trace" },
            { id: "<other>", project_id: "<project>", name: "Other <projectname>", scope: "thread" },
          ],
        },
        status: 204,
        text: "",
      },
      mineIs(MADE),
      listed("", "<other>", "<mine>"),
      {
        send: `${CREATE}/batch`,
        body: {
          annotation_queues: [1, 2].map((number) => ({
            id: "<mine>",
            project_id: "<project>",
            name: `${number}`,
            scope: "trace",
          })),
        },
        status: 400,
        message: "Annotation queue batch contains duplicate ids: [<mine>]",
      },
      {
        send: `${CREATE}/batch`,
        body: { annotation_queues: [] },
        status: 422,
        errors: ["annotationQueues Batch size must be between 1 and 1000"],
      },
    ],
  },
  {
    name: "annotation queues are listed, filtered and sorted",
    given: [newIds("mine", "other")],
    steps: [
      made({ feedback_definition_names: ["quality"] }),
      {
        send: CREATE,
        body: { id: "<other>", project_id: "<project>", name: "A <projectname>", scope: "thread" },
        status: 201,
      },
      {
        send: `GET ${QUEUES}?name=mine%20<projectname>`,
        status: 200,
        json: {
          page: 1,
          size: 1,
          total: 1,
          content: [{ ...MADE, feedback_definition_names: ["quality"] }],
          sortable_by: [
            "id",
            "project_id",
            "name",
            "description",
            "instructions",
            "created_at",
            "last_updated_at",
            "created_by",
            "last_updated_by",
          ],
        },
      },
      listed("", "<other>", "<mine>"),
      listed(query({ sorting: JSON.stringify([{ field: "name", direction: "DESC" }]) }), "<mine>", "<other>"),
      listed(filters("scope", "=", "thread"), "<other>"),
      listed(filters("feedback_definition_names", "contains", "qual"), "<mine>"),
      {
        send: `GET ${QUEUES}?${filters("project_id", "=", "<project>")}&page=2&size=1`,
        status: 200,
        match: { page: 2, size: 1, total: 2, content: [{ id: "<mine>" }] },
      },
    ],
  },
  {
    name: "an annotation queue is changed, and keeps what is not said",
    given: [newIds("mine", "missing")],
    steps: [
      made({ description: "d", annotators_per_item: 2 }),
      {
        send: `PATCH ${QUEUES}/<mine>`,
        body: { name: "New", comments_enabled: true, feedback_definition_names: ["x"], lock_timeout_seconds: 10 },
        status: 204,
        text: "",
      },
      {
        send: `GET ${QUEUES}/<mine>`,
        status: 200,
        json: {
          ...MADE,
          name: "New",
          description: "d",
          comments_enabled: true,
          feedback_definition_names: ["x"],
          annotators_per_item: 2,
          lock_timeout_seconds: 10,
        },
      },
      {
        send: `PATCH ${QUEUES}/<mine>`,
        body: { description: "e", instructions: "i", annotators_per_item: 4 },
        status: 204,
      },
      mineIs({ name: "New", description: "e", instructions: "i", annotators_per_item: 4, comments_enabled: true }),
      {
        send: `PATCH ${QUEUES}/<mine>`,
        body: { name: " ", annotators_per_item: 0, lock_timeout_seconds: 3601 },
        status: 422,
        errors: [
          "name must not be blank",
          "annotatorsPerItem must be greater than or equal to 1",
          "lockTimeoutSeconds must be less than or equal to 3600",
        ],
      },
      {
        send: `PATCH ${QUEUES}/<missing>`,
        body: {},
        status: 404,
        message: "Annotation queue not found: '<missing>'",
      },
      {
        send: `PATCH ${QUEUES}/<unknown>`,
        body: {},
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "AnnotationQueue id must be a version 7 UUID" },
      },
    ],
  },
  {
    name: "items of an annotation queue are counted, averaged and known by their reviewers",
    given: [trace(), trace("other"), newIds("mine")],
    steps: [
      made({ feedback_definition_names: ["quality"] }),
      { ...items("add", "<trace>", "<other>"), text: "" } as Step,
      items("add", "<trace>"),
      score("quality", 0.25),
      score("speed", 1),
      {
        send: "POST /v1/private/traces/<other>/comments",
        body: { text: "good" },
        status: 201,
      },
      {
        send: `GET ${QUEUES}/<mine>`,
        status: 200,
        json: {
          ...MADE,
          feedback_definition_names: ["quality"],
          items_count: 2,
          feedback_scores: [{ name: "quality", value: 0.25 }],
          reviewers: [{ username: "admin", status: 2 }],
        },
      },
      items("delete", "<other>", "<unknown>"),
      mineIs({ items_count: 1, reviewers: [{ username: "admin", status: 1 }] }),
    ],
  },
  {
    name: "traces are filtered by the annotation queues that they are in",
    given: [trace(), trace("other"), newIds("mine")],
    steps: [
      made(),
      items("add", "<trace>"),
      {
        send: `GET /v1/private/traces?project_id=<project>&${filters("annotation_queue_ids", "contains", "<mine>")}`,
        status: 200,
        match: { total: 1, content: [{ id: "<trace>" }] },
      },
      {
        send: `GET /v1/private/traces?project_id=<project>&${filters("annotation_queue_ids", "is_empty", "")}`,
        status: 200,
        match: { total: 1, content: [{ id: "<other>" }] },
      },
      {
        send: "GET /v1/private/traces?project_id=<project>&annotation_queue_id=<mine>",
        status: 200,
        match: { total: 1, content: [{ id: "<trace>" }] },
      },
    ],
  },
  {
    name: "threads are filtered by the annotation queues that they are in",
    given: [newIds("mine")],
    steps: [
      ...["talk", "chat"].map((thread_id) => ({
        send: "POST /v1/private/traces",
        body: { project_name: "<projectname>", start_time: "2026-01-01T00:00:00Z", thread_id },
        status: 201,
      })),
      {
        send: "POST /v1/private/traces/threads/retrieve",
        body: { project_name: "<projectname>", thread_id: "talk" },
        status: 200,
        match: { id: "talk" },
        remember: { talk: ({ json }) => (json as { thread_model_id: string }).thread_model_id },
      },
      made({ scope: "thread" }),
      items("add", "<talk>"),
      {
        send: "POST /v1/private/traces/threads/search",
        body: {
          project_name: "<projectname>",
          filters: [{ field: "annotation_queue_ids", operator: "contains", value: "<mine>" }],
        },
        status: 200,
        lines: [{ id: "talk" }],
      },
      {
        send: "GET /v1/private/traces/threads?project_id=<project>&annotation_queue_id=<mine>",
        status: 200,
        match: { total: 1, content: [{ id: "talk" }] },
      },
    ],
  },
  {
    name: "an item of an annotation queue is locked until it has its annotators",
    given: [trace(), newIds("mine")],
    steps: [
      made({ feedback_definition_names: ["quality"] }),
      items("add", "<trace>"),
      { send: `GET ${QUEUES}/<mine>/locks`, status: 200, json: { locks: {} } },
      { send: `PUT ${QUEUES}/<mine>/items/<trace>/lock`, status: 200, json: LOCKED },
      { send: `PUT ${QUEUES}/<mine>/items/<trace>/lock`, status: 200, json: LOCKED },
      {
        send: `GET ${QUEUES}/<mine>/locks`,
        status: 200,
        json: { locks: { "<trace>": { active_locks: 1, locked_by: ["admin"] } } },
      },
      score("quality", 1),
      {
        send: `PUT ${QUEUES}/<mine>/items/<trace>/lock`,
        status: 200,
        json: { acquired: false, item_id: "<trace>", locked_by: "admin" },
      },
      {
        send: `PUT ${QUEUES}/<unknown>/items/<trace>/lock`,
        status: 404,
        message: "Annotation queue not found: '<unknown>'",
      },
    ],
  },
  {
    name: "a lock of an item ends",
    given: [trace(), newIds("mine")],
    steps: [
      made({ lock_timeout_seconds: 10 }),
      { send: `PUT ${QUEUES}/<mine>/items/<trace>/lock`, status: 200, json: LOCKED },
      {
        send: `GET ${QUEUES}/<mine>/locks`,
        status: 200,
        match: { locks: { "<trace>": { locked_by: ["admin"] } } },
      },
      { advance: "10s" },
      { send: `GET ${QUEUES}/<mine>/locks`, status: 200, json: { locks: {} } },
    ],
  },
  {
    name: "annotation queues are deleted with their items",
    given: [trace(), newIds("mine")],
    steps: [
      made(),
      items("add", "<trace>"),
      { send: `${CREATE}/delete`, body: { ids: ["<mine>", "<unknown>"] }, status: 204, text: "" },
      { send: `GET ${QUEUES}/<mine>`, status: 404, message: "Annotation queue not found: '<mine>'" },
      {
        send: "GET /v1/private/traces?project_id=<project>&annotation_queue_id=<mine>",
        status: 200,
        match: { total: 0 },
      },
      { send: "GET /v1/private/traces/<trace>", status: 200, match: { id: "<trace>" } },
    ],
  },
  {
    name: "what is said of an annotation queue is checked",
    steps: [
      {
        send: CREATE,
        body: {},
        status: 422,
        errors: ["projectId must not be null", "name must not be blank", "scope must not be null"],
      },
      {
        send: CREATE,
        body: {
          id: "11111111-1111-4111-8111-111111111111",
          project_id: "<project>",
          name: "x",
          scope: "trace",
        },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "AnnotationQueue id must be a version 7 UUID" },
      },
      {
        send: `POST ${QUEUES}/<unknown>/items/add`,
        body: { ids: ["<project>"] },
        status: 404,
        message: "Annotation queue not found: '<unknown>'",
      },
      {
        send: `POST ${QUEUES}/<unknown>/items/search`,
        body: { ids: ["<project>"] },
        status: 404,
        message: "Annotation queue not found: '<unknown>'",
      },
      {
        send: `POST ${QUEUES}/<unknown>/items/delete`,
        body: { ids: ["<project>"] },
        status: 404,
        message: "Annotation queue not found: '<unknown>'",
      },
      {
        send: `POST ${QUEUES}/<unknown>/items/add`,
        body: { ids: ["11111111-1111-4111-8111-111111111111"] },
        status: 400,
        json: {
          code: 400,
          message: "Invalid UUID for id",
          details: "AnnotationQueue item id must be a version 7 UUID",
        },
      },
    ],
  },
];
