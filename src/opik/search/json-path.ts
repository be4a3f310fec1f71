import { Sql, sql } from "../../database/sql.ts";

/** A step of a path: a key, a place in a list, or a quoted key. */
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'([^']*)'|"([^"]*)")\]/y;

/** A key that begins with the root of a path; `$schema` is an ordinary key. */
const ROOT = /^\$(?=$|[.[])/;

/**
 * The paths in JSON that the key of a filter can mean, as SQLite writes them: `a.b` is nested, or a key with a dot
 * [opik 7.10]. What cannot be read as a path is one key.
 */
export function jsonPaths(key: string): [string, ...string[]] {
  const fromRoot = ROOT.test(key) ? key.slice(1) : key;
  const steps = readSteps(/^(?:[.[]|$)/.test(fromRoot) ? fromRoot : `.${fromRoot}`);
  if (steps === undefined) return [`$${named(key)}`];
  const path = `$${steps.join("")}`;
  const mayBeOneKey = key.includes(".") && !ROOT.test(key) && !key.includes("[");
  return mayBeOneKey ? [path, `$${named(key)}`] : [path];
}

/** @returns `undefined` for what is no path */
function readSteps(path: string): string[] | undefined {
  const steps: string[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < path.length) {
    const step = STEP.exec(path);
    if (step === null) return undefined;
    const [, key, place, inQuotes, inDoubleQuotes] = step;
    steps.push(place === undefined ? named(key ?? inQuotes ?? inDoubleQuotes ?? "") : `[${place}]`);
  }
  return steps;
}

function named(key: string): string {
  return `.${JSON.stringify(key)}`;
}

/** The value under a key as text: `''` when there is none or when it is an object or list, `'null'` for a null. */
export function textAt(json: Sql, key: string): Sql {
  const found = jsonPaths(key).map(
    (path) => sql`CASE json_type(${json}, ${path})
      WHEN 'text' THEN ${json} ->> ${path} WHEN 'object' THEN '' WHEN 'array' THEN '' ELSE ${json} -> ${path} END`,
  );
  return new Sql(
    `coalesce(${found.map(({ text }) => text).join(", ")}, '')`,
    found.flatMap(({ values }) => values),
  );
}
