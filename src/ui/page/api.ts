import type { Activity, ActivityJob, ActivityMinute, ActivityRun, RunPartList } from "../../admin/activity/schema.ts";
import type { FaultList } from "../../admin/faults/schema.ts";
import type { JournaledRequest, RequestList } from "../../admin/journal/schema.ts";
import type { State } from "../../admin/schema.ts";
import type { SettingList } from "../../admin/settings/schema.ts";
import type { Explanation } from "../../admin/why/schema.ts";
import type { RawJson } from "../../core/json.ts";
import { authorizationOf, isControlPlane } from "../../http/authorization.ts";
import type * as configurations from "../../opik/library/agent-configs/schema.ts";
import type * as attachments from "../../opik/library/attachments/schema.ts";
import type * as datasetItems from "../../opik/library/datasets/items/schema.ts";
import type * as datasets from "../../opik/library/datasets/schema.ts";
import type * as datasetVersions from "../../opik/library/datasets/versions/schema.ts";
import type * as experimentItems from "../../opik/library/experiments/items/schema.ts";
import type * as experiments from "../../opik/library/experiments/schema.ts";
import type * as optimizations from "../../opik/library/optimizations/schema.ts";
import type * as prompts from "../../opik/library/prompts/schema.ts";
import type * as projects from "../../opik/projects/schema.ts";
import type * as bridge from "../../opik/runners/bridge/schema.ts";
import type * as jobs from "../../opik/runners/jobs/schema.ts";
import type * as runners from "../../opik/runners/schema.ts";
import type * as scores from "../../opik/tracing/feedback/schema.ts";
import type * as spans from "../../opik/tracing/spans/schema.ts";
import type * as threads from "../../opik/tracing/threads/schema.ts";
import type * as traces from "../../opik/tracing/traces/schema.ts";
import type * as definitions from "../../strait/definitions/jobs/schema.ts";
import type * as checkpoints from "../../strait/records/checkpoints/schema.ts";
import type * as outputs from "../../strait/records/outputs/schema.ts";
import type * as records from "../../strait/records/run-events/schema.ts";
import type * as runs from "../../strait/run/schema.ts";
import type * as waits from "../../strait/waits/schema.ts";
import type * as webhooks from "../../strait/webhooks/schema.ts";

/** A shape of the server as the page reads it: JSON that the server keeps as text is parsed here. */
type Parsed<Shape> = Shape extends RawJson
  ? unknown
  : Shape extends ReadonlyArray<infer Item>
    ? Array<Parsed<Item>>
    : Shape extends ReadonlyMap<string, infer Value>
      ? Record<string, Parsed<Value>>
      : Shape extends object
        ? { [Key in keyof Shape]: Parsed<Shape[Key]> }
        : Shape;

export type { Activity, ActivityJob, ActivityMinute, ActivityRun };
export type { Explanation, FaultList, JournaledRequest, RequestList, SettingList, State };
export type Runner = Parsed<runners.LocalRunner>;
export type Agent = NonNullable<Runner["agents"]>[number];
export type Job = Parsed<jobs.Job>;
export type Command = Parsed<bridge.BridgeCommand>;
export type LogEntry = jobs.LogEntry;
export type Trace = Parsed<traces.Trace>;
export type Span = Parsed<spans.Span>;
/** A score of one record, or the average of several. */
export type Score = Parsed<scores.AverageScore> & Partial<Pick<scores.FeedbackScore, "reason">>;
/** What SDKs write into `error_info`. */
export type ErrorInfo = NonNullable<traces.TraceWrite["error_info"]>;
export type Attachment = attachments.Attachment;
export type Project = Parsed<projects.Project>;
export type Prompt = Parsed<prompts.Prompt>;
export type PromptVersion = Parsed<prompts.ListedVersion>;
export type Blueprint = Parsed<configurations.Blueprint>;
export type Dataset = Parsed<datasets.Dataset>;
export type DatasetVersion = Parsed<datasetVersions.DatasetVersion>;
export type DatasetItem = Parsed<datasetItems.DatasetItem>;
export type DatasetItemPage = Page<DatasetItem> & { columns: datasetItems.Column[] };
export type Experiment = Parsed<experiments.Experiment>;
export type ComparedItem = Parsed<experimentItems.ComparedItem>;
export type Optimization = Parsed<optimizations.Optimization>;
export type Thread = Parsed<threads.Thread>;
export type Run = Parsed<runs.Run>;
export type RunEvent = Parsed<records.RunEvent>;
export type RunJob = Parsed<definitions.Job>;
export type RunAttempt = RunParts["attempts"][number];
export type Wait = Parsed<waits.EventTrigger>;
export type Checkpoint = Parsed<checkpoints.Checkpoint>;
export type Output = Parsed<outputs.Output>;
export type Delivery = Parsed<webhooks.Delivery>;
export type RunParts = Parsed<RunPartList>;

/** A page of Opik's API. */
export interface Page<Row> {
  page: number;
  size: number;
  total: number;
  content: Row[];
}

/** A page of Strait's API. */
export interface Cursored<Row> {
  data: Row[];
  next_cursor?: string;
  has_more: boolean;
}

const KEY = "opik-local-key";
const WORKSPACE = "opik-local-workspace";
const PROJECT = "opik-local-project";

/** The API key that was typed in, for servers that want one. It is forgotten with the tab. */
function apiKey(): string | undefined {
  return sessionStorage.getItem(KEY) ?? undefined;
}

/** Whether the server wants a key, as far as this tab knows. */
export function hasApiKey(): boolean {
  return apiKey() !== undefined;
}

/** Keeps the API key that this tab sends with its requests. */
export function rememberApiKey(key: string): void {
  sessionStorage.setItem(KEY, key);
}

/** The workspace that this tab shows. */
export function workspace(): string {
  return sessionStorage.getItem(WORKSPACE) ?? "default";
}

/** The project of executor runs that this tab shows; `undefined` for the server's default. */
export function runsProject(): string | undefined {
  return sessionStorage.getItem(PROJECT) ?? undefined;
}

/** Shows another workspace, from the next reading on. */
export function chooseWorkspace(name: string): void {
  sessionStorage.setItem(WORKSPACE, name);
}

/** Shows the executor runs of another project, from the next reading on. */
export function chooseRunsProject(id: string): void {
  sessionStorage.setItem(PROJECT, id);
}

/** An answer that is no success. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** Marks the requests of the page, so that the list of requests can leave them out. */
export const PAGE_HEADER = "x-opik-local-page";

/** The headers of every request: the key and the place, as each API expects them. */
export function headersFor(path: string): Record<string, string> {
  const key = apiKey();
  const project = runsProject();
  return {
    [PAGE_HEADER]: "1",
    ...(key === undefined ? {} : { authorization: authorizationOf(path, key) }),
    ...(isControlPlane(path)
      ? project !== undefined && { "x-project-id": project }
      : { "comet-workspace": workspace() }),
  };
}

/**
 * Sends a request to the server that the page came from.
 * @param body sent as JSON
 * @throws ApiError with the server's own reason
 */
async function send(method: string, path: string, body?: unknown): Promise<{ response: Response; text: string }> {
  const response = await fetch(path, {
    method,
    headers: { ...headersFor(path), ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new ApiError(response.status, reasonIn(text) ?? `HTTP ${response.status}`);
  return { response, text };
}

/** Sends a request, and reads the JSON of its answer, if it has any. */
export async function request<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
  const { text } = await send(method, path, body);
  return (text === "" ? undefined : JSON.parse(text)) as Answer;
}

/** Makes something that Opik's API names in the header `Location` only. @returns its id */
export async function create(path: string, body: unknown): Promise<string> {
  const { response } = await send("POST", path, body);
  return response.headers.get("location")?.split("/").at(-1) ?? "";
}

/** The readings that have begun in this turn of the event loop. */
const begun = new Map<string, Promise<unknown>>();

/** Reads something. Components that read the same thing at the same moment share one request. */
export function get<Answer>(path: string): Promise<Answer> {
  const same = begun.get(path);
  if (same !== undefined) return same as Promise<Answer>;
  const answer = request<Answer>("GET", path);
  begun.set(path, answer);
  queueMicrotask(() => begun.delete(path));
  return answer;
}

/** Sends a POST request with a body of JSON, and reads that of its answer. */
export function post<Answer>(path: string, body: unknown = {}): Promise<Answer> {
  return request("POST", path, body);
}

/** Finds the reason in an error of either API, or of `/__local`. */
function reasonIn(text: string): string | undefined {
  try {
    const { errors, message, error } = JSON.parse(text) as {
      errors?: string[];
      message?: string;
      error?: { message?: string } | string;
    };
    return errors?.join("; ") ?? message ?? (typeof error === "string" ? error : error?.message);
  } catch {
    return undefined;
  }
}

/** Creates a query string of what is defined. */
export function query(parameters: Record<string, string | number | undefined>): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, String(value)]],
  );
  return given.length === 0 ? "" : `?${new URLSearchParams(given)}`;
}
