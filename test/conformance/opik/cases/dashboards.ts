import { type ConformanceCase, textAt } from "../../case.ts";
import { TIMESTAMP, UUID } from "../../expected.ts";
import { newIds } from "../given.ts";

const DASHBOARDS = "/v1/private/dashboards";
const CREATE = `POST ${DASHBOARDS}`;
const LIST = `GET ${DASHBOARDS}?project_id=<project>`;
const STAMPS = { created_at: TIMESTAMP, created_by: "admin", last_updated_at: TIMESTAMP, last_updated_by: "admin" };
const NOT_FOUND = { status: 404, json: { code: 404, message: "Dashboard not found" } };
const CONFIG = { version: 1, sections: [{ title: "A" }] };

/** Dashboards [opik 9.6]. */
export const dashboardCases: readonly ConformanceCase[] = [
  {
    name: "a dashboard is made, read, updated and deleted",
    alone: true,
    given: [newIds("chosen")],
    steps: [
      {
        send: CREATE,
        body: { id: "<chosen>", name: "My Board!", config: CONFIG, description: "D", project_name: "<projectname>" },
        status: 201,
        json: {
          id: "<chosen>",
          workspace_id: UUID,
          project_id: "<project>",
          name: "My Board!",
          slug: "my-board",
          type: "multi_project",
          scope: "workspace",
          description: "D",
          config: CONFIG,
          ...STAMPS,
        },
        answerHeaders: { location: /^https?:\/\/[^/]+\/v1\/private\/dashboards\/[0-9a-f-]{36}$/ },
      },
      {
        send: CREATE,
        body: { id: "<chosen>", name: "x", config: {} },
        status: 409,
        errors: ["Dashboard already exists"],
      },
      {
        send: CREATE,
        body: { name: "my board", config: {}, type: "experiments", scope: "insights" },
        status: 201,
        match: { slug: "my-board-2", type: "experiments", scope: "insights" },
        absent: ["project_id", "description"],
        remember: { other: textAt("id") },
      },
      {
        send: `PATCH ${DASHBOARDS}/<chosen>`,
        body: { name: "Other", config: { version: 2 }, type: "experiments" },
        status: 200,
        match: { name: "Other", slug: "other", config: { version: 2 }, type: "experiments", description: "D" },
      },
      {
        send: `PATCH ${DASHBOARDS}/<chosen>`,
        body: { description: "E" },
        status: 200,
        match: { name: "Other", slug: "other", config: { version: 2 }, description: "E" },
      },
      { send: `GET ${DASHBOARDS}/<chosen>`, status: 200, match: { name: "Other", description: "E" } },
      { send: `DELETE ${DASHBOARDS}/<chosen>`, status: 204, text: "" },
      { send: `GET ${DASHBOARDS}/<chosen>`, ...NOT_FOUND },
      { send: `DELETE ${DASHBOARDS}/<chosen>`, status: 204, text: "" },
      { send: `PATCH ${DASHBOARDS}/<chosen>`, body: { name: "x" }, ...NOT_FOUND },
      { send: `${CREATE}/delete-batch`, body: { ids: ["<other>", "<chosen>"] }, status: 204, text: "" },
      { send: `GET ${DASHBOARDS}/<other>`, ...NOT_FOUND },
    ],
  },
  {
    name: "dashboards are listed, the newest first",
    steps: [
      ...["One", "Two", "three"].map((name) => ({
        send: CREATE,
        body: { name, config: {}, project_id: "<project>" },
        status: 201,
        match: { name },
      })),
      {
        send: `${LIST}&size=2`,
        status: 200,
        match: {
          page: 1,
          size: 2,
          total: 3,
          content: [{ name: "three" }, { name: "Two" }],
          sortable_by: ["id", "name", "description", "created_at", "last_updated_at", "created_by", "last_updated_by"],
        },
      },
      { send: `${LIST}&name=T`, status: 200, match: { total: 2, content: [{ name: "three" }, { name: "Two" }] } },
      {
        send: `${LIST}&sorting=${encodeURIComponent('[{"field":"name","direction":"ASC"}]')}`,
        status: 200,
        match: { content: [{ name: "One" }, { name: "three" }, { name: "Two" }] },
      },
      {
        send: `${LIST}&filters=${encodeURIComponent('[{"field":"name","operator":"ends_with","value":"EE"}]')}`,
        status: 200,
        match: { total: 1, content: [{ name: "three" }] },
      },
      {
        send: "GET /v1/private/projects/<project>/dashboards?page=2&size=2",
        status: 200,
        match: { page: 2, size: 1, total: 3, content: [{ name: "One" }] },
      },
    ],
  },
  {
    name: "a dashboard is checked before it is made",
    steps: [
      { send: CREATE, body: {}, status: 422, errors: ["name must not be blank", "config must not be null"] },
      {
        send: CREATE,
        body: { name: "x".repeat(121), config: {}, description: "x".repeat(1001) },
        status: 422,
        errors: ["name cannot exceed 120 characters", "description cannot exceed 1000 characters"],
      },
      {
        send: CREATE,
        body: { id: "0190babc-62a0-41d2-832a-0feffa4676eb", name: "x", config: {} },
        status: 400,
        json: { code: 400, message: "Invalid UUID for id", details: "dashboard id must be a version 7 UUID" },
      },
      {
        send: CREATE,
        body: { name: "x", config: {}, project_id: "<unknown>" },
        status: 404,
        errors: ["Project not found"],
      },
      {
        send: CREATE,
        body: { name: "x", config: {}, type: "pie" },
        status: 400,
        message: /^Unable to process JSON\. /,
      },
      { send: LIST, status: 200, match: { total: 0, content: [] } },
    ],
  },
];
