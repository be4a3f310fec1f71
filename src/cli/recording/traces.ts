import { comparisonKey } from "../../core/comparison-key.ts";
import type { RawJson } from "../../core/json.ts";
import { parseTimestamp } from "../../core/timestamps.ts";
import { DEFAULT_PROJECT } from "../../opik/projects/service.ts";
import { type RecordedScores, scoresField } from "./scores.ts";
import { type RecordedState, textOf } from "./state.ts";

type Fields = ReadonlyMap<string, RawJson>;

/** A project of a fixture. */
export interface ProjectEntry {
  name: string;
  id?: string;
  description?: string | undefined;
}

const COMMON = [
  ...["name", "start_time", "end_time", "input", "output", "metadata", "tags", "error_info", "ttft", "source"],
  ...["environment"],
];
const OF_TRACE = [...COMMON, "thread_id"];
const OF_SPAN = [...COMMON, "parent_span_id", "type", "model", "provider", "usage", "total_estimated_cost"];
/** Fields that are times, which clients may also send as numbers of seconds. */
const TIMES = new Set(["start_time", "end_time"]);

/**
 * The traces of a recording as entries of a fixture, with their spans and scores; spans whose trace was not recorded by
 * themselves; threads that were scored.
 * @param projects those that are known otherwise
 * @returns also the projects, with those that only traces name
 */
export function tracesOf(
  state: RecordedState,
  scores: RecordedScores,
  projects: readonly ProjectEntry[],
): { projects: object[]; traces: object[]; spans: object[]; threads: object[] } {
  const known = new Map(projects.map((project) => [comparisonKey(project.name), project]));
  const ids = new Set(projects.map(({ id }) => id));
  const projectOf = (fields: Fields): string => {
    const id = textOf(fields.get("project_id"));
    if (id !== undefined && ids.has(id)) return id;
    const name = textOf(fields.get("project_name")) ?? DEFAULT_PROJECT;
    const project = known.get(comparisonKey(name)) ?? { name };
    known.set(comparisonKey(name), project);
    return project.name;
  };
  const spans = Map.groupBy(state.spans, ([, span]) => textOf(span.get("trace_id")));
  const traces = [...state.traces].map(([id, trace]) => {
    const own = (spans.get(id) ?? []).map(([spanId, span]) => ({
      id: spanId,
      ...ownFields(span, OF_SPAN),
      ...never(span),
      ...scoresField(scores.spans.get(spanId)),
    }));
    const ofTrace = scoresField(scores.traces.get(id));
    const entry = { project: projectOf(trace), id, ...ownFields(trace, OF_TRACE), ...ofTrace };
    return own.length === 0 ? entry : { ...entry, spans: own };
  });
  const others = [...state.spans].flatMap(([id, span]) => {
    const trace_id = textOf(span.get("trace_id"));
    if (trace_id === undefined || state.traces.has(trace_id)) return [];
    const ofSpan = scoresField(scores.spans.get(id));
    return [{ project: projectOf(span), trace_id, id, ...ownFields(span, OF_SPAN), ...ofSpan }];
  });
  const threads = [...scores.threads.values()]
    .filter(({ scores: given }) => given.size > 0)
    .map(({ fields, thread_id, scores: given }) => ({ project: projectOf(fields), thread_id, ...scoresField(given) }));
  return { projects: [...known.values()].map(withoutNothing), traces, spans: others, threads };
}

/** A span that was not reported to have ended, in a trace that has. */
function never(span: Fields): object {
  return span.has("end_time") ? {} : { end_time: "never" };
}

function ownFields(fields: Fields, names: readonly string[]): object {
  const own = names.flatMap((name): Array<[string, RawJson]> => {
    const value = fields.get(name);
    if (value === undefined) return [];
    const isNoTime = TIMES.has(name) && parseTimestamp(textOf(value) ?? "") === undefined;
    return isNoTime ? [] : [[name, value]];
  });
  return Object.fromEntries(own);
}

function withoutNothing(fields: object): object {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
