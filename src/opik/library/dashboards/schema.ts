import * as v from "valibot";
import { projectName } from "../../projects/schema.ts";
import { type Page, pageOf } from "../../wire/page.ts";
import {
  constrained,
  exactly,
  freeForm,
  isBlank,
  notBlank,
  optional,
  required,
  string,
  uuid,
} from "../../wire/values.ts";

export const DASHBOARD_TYPES = ["multi_project", "experiments"] as const;
export type DashboardType = (typeof DASHBOARD_TYPES)[number];

export const DASHBOARD_SCOPES = ["workspace", "insights"] as const;
export type DashboardScope = (typeof DASHBOARD_SCOPES)[number];

const MAX_NAME_LENGTH = 120;
const MAX_DESCRIPTION_LENGTH = 1_000;

const isShortName = ({ length }: string): boolean => length <= MAX_NAME_LENGTH;
const LONG_NAME = `cannot exceed ${MAX_NAME_LENGTH} characters`;

const description = constrained(
  optional(string({ maxLength: MAX_DESCRIPTION_LENGTH })),
  ({ length }) => length <= MAX_DESCRIPTION_LENGTH,
  `cannot exceed ${MAX_DESCRIPTION_LENGTH} characters`,
);
const type = exactly("dashboard type", DASHBOARD_TYPES);
const scope = exactly("dashboard scope", DASHBOARD_SCOPES);

/** Body of `POST /dashboards`. */
export const createDashboardRequest = v.object({
  id: optional(uuid()),
  project_id: optional(uuid()),
  project_name: projectName,
  name: constrained(notBlank(string({ maxLength: MAX_NAME_LENGTH })), isShortName, LONG_NAME),
  type: optional(type),
  scope: optional(scope),
  description,
  config: required(freeForm()),
});
export type NewDashboard = v.InferOutput<typeof createDashboardRequest>;

/** Body of `PATCH /dashboards/{id}`; absent fields do not change. */
export const updateDashboardRequest = v.object({
  name: constrained(
    constrained(optional(string({ maxLength: MAX_NAME_LENGTH })), (name) => !isBlank(name), "must not be blank"),
    isShortName,
    LONG_NAME,
  ),
  type: optional(type),
  description,
  config: optional(freeForm()),
});
export type DashboardUpdate = v.InferOutput<typeof updateDashboardRequest>;

export const dashboard = v.object({
  id: string({ format: "uuid" }),
  workspace_id: string({ format: "uuid" }),
  project_id: optional(string({ format: "uuid" })),
  name: string(),
  slug: string(),
  type,
  scope,
  description: optional(string()),
  config: freeForm(),
  created_by: string(),
  last_updated_by: string(),
  created_at: string({ format: "date-time" }),
  last_updated_at: string({ format: "date-time" }),
});
export type Dashboard = v.InferOutput<typeof dashboard>;

export const dashboardPage = pageOf(dashboard);
export type DashboardPage = Page<Dashboard>;
