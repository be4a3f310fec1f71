import type { ConformanceCase } from "../../case.ts";

const REDIRECT = "GET /v1/session/redirect";
/** `http://opik.test/api/` in base64. */
const PATH = "path=aHR0cDovL29waWsudGVzdC9hcGkv";

/** Access to a workspace [opik 6.3], and the links that SDKs print [opik 9.5]. */
export const accessCases: readonly ConformanceCase[] = [
  {
    name: "the default workspace may be used",
    steps: [
      { send: "POST /v1/private/auth", status: 204, text: "" },
      { send: "POST /v1/private/auth", headers: { "content-type": "application/json" }, status: 204, text: "" },
      { send: "POST /v1/private/auth", headers: { "comet-workspace": "default" }, status: 204, text: "" },
      { send: "GET /v1/private/auth/workspace", status: 200, json: { workspace_name: "default" } },
      {
        send: "GET /v1/private/workspace-permissions",
        status: 200,
        json: { user_name: "admin", workspace_name: "default", permissions: [] },
      },
      { send: "GET /v1/private/workspaces/versions", status: 200, json: { opik_version: "version_2" } },
    ],
  },
  {
    name: "another workspace may not be used",
    steps: [
      "POST /v1/private/auth",
      "GET /v1/private/auth/workspace",
      "GET /v1/private/workspace-permissions",
      "GET /v1/private/workspaces/versions",
    ].map((send) => ({
      send,
      headers: { "comet-workspace": "other" },
      status: 404,
      json: { code: 404, message: "Workspace not found" },
    })),
  },
  {
    name: "a link of an SDK leads to the page of its thing",
    ours: "the pages are those of this server",
    steps: [
      ...(
        [
          ["projects", "trace_id=<unknown>", "traces/<unknown>"],
          ["projects/", "trace_id=<unknown>&workspace_name=default", "traces/<unknown>"],
          ["datasets", "dataset_id=<unknown>", "datasets/<unknown>"],
          ["experiments", "dataset_id=<project>&experiment_id=<unknown>", "experiments/<unknown>"],
          ["optimizations", "dataset_id=<project>&optimization_id=<unknown>", "optimizations/<unknown>"],
        ] as const
      ).map(([kind, query, page]) => ({
        send: `${REDIRECT}/${kind}?${query}&${PATH}`,
        status: 303,
        text: "",
        answerHeaders: { location: new RegExp(`^http://[^/]+/__local/ui/${page.split("/")[0]}/[0-9a-f-]{36}$`) },
      })),
      {
        send: `${REDIRECT}/projects`,
        status: 400,
        errors: ["query param trace_id must not be null", "query param path must not be blank"],
      },
      {
        send: `${REDIRECT}/experiments?${PATH}`,
        status: 400,
        errors: ["query param dataset_id must not be null", "query param experiment_id must not be null"],
      },
    ],
  },
  {
    name: "what of Opik is not served says so",
    ours: "the real server serves it",
    steps: [
      {
        send: "POST /v1/private/alerts",
        body: { name: "x" },
        status: 501,
        json: { code: 501, message: "opik-local does not serve this part of Opik: Alerts (createAlert)" },
      },
      {
        send: "PUT /v1/private/alerts/<unknown>",
        body: { name: "x" },
        status: 501,
        message: "opik-local does not serve this part of Opik: Alerts (updateAlert)",
      },
      { send: "GET /v1/private/alerts/<unknown>/more", status: 404, message: "HTTP 404 Not Found" },
    ],
  },
];
