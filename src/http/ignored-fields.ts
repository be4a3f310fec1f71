import type { GenericSchema } from "valibot";
import { didYouMean } from "../core/did-you-mean.ts";
import type { EventBus } from "../core/events.ts";
import type { HttpEvents } from "./events.ts";
import type { Route } from "./route.ts";
import { unwrap } from "./schema.ts";

/** Checks the parsed body of a request, before its schema does. */
export type BodyCheck = (body: unknown) => void;

/**
 * Called for a field that its schema does not know: with the path to its object, its name, and the names that are
 * known.
 */
type OnUnknownField = (path: string, name: string, known: readonly string[]) => void;

/** Finds unknown fields in a value at `path`. */
type Search = (value: unknown, path: string, found: OnUnknownField) => void;

/** The limit of fields that are reported for a route: a client may send any number of names. */
const MAX_REPORTED_PER_ROUTE = 20;

/**
 * Reports the fields of request bodies that are accepted and ignored, as the real servers ignore the fields that they
 * do not know [opik 1.4] [strait 0.2]: without a report a misspelt name is hard to find. Each field is reported once
 * for a route.
 */
export class IgnoredFields {
  readonly #events: EventBus<HttpEvents>;

  constructor(events: EventBus<HttpEvents>) {
    this.#events = events;
  }

  /** Creates the check for the bodies of one route. */
  checkOf({ method, path }: Pick<Route, "method" | "path">, schema: GenericSchema): BodyCheck {
    const reported = new Set<string>();
    return createFieldCheck(schema, (parent, name, known) => {
      const field = `${parent}${name}`;
      if (reported.size >= MAX_REPORTED_PER_ROUTE || reported.has(field)) return;
      reported.add(field);
      this.#events.emit("http:field:ignored", { method, path, field, hint: didYouMean(name, known).trim() });
    });
  }
}

/**
 * Creates a check that calls `found` for each field that the schema does not know: with the path to its object
 * (`spans[].`), its name, and the names that are known there. Free-form JSON is not looked into.
 */
export function createFieldCheck(schema: GenericSchema, found: OnUnknownField): BodyCheck {
  const search = searchOf(schema);
  return (body) => search?.(body, "", found);
}

/** @returns `undefined` for a schema in which no object with known fields occurs */
function searchOf(schema: GenericSchema): Search | undefined {
  const inner = unwrap(schema);
  if ("entries" in inner) return searchFields(inner.entries as Record<string, GenericSchema>);
  if ("item" in inner)
    return searchAll(inner.item as GenericSchema, "[].", (value) => (Array.isArray(value) ? value : []));
  if (inner.type === "map" && "value" in inner) {
    return searchAll(inner.value as GenericSchema, "[*].", (value) => (value instanceof Map ? value.values() : []));
  }
  return undefined;
}

function searchFields(entries: Readonly<Record<string, GenericSchema>>): Search {
  const known = Object.keys(entries);
  const searches = new Map(Object.entries(entries).map(([name, schema]) => [name, searchOf(schema)]));
  return (value, path, found) => {
    if (typeof value !== "object" || value === null) return;
    for (const [name, field] of Object.entries(value)) {
      if (searches.has(name)) searches.get(name)?.(field, `${path}${name}.`, found);
      else found(path, name, known);
    }
  };
}

function searchAll(
  schema: GenericSchema,
  step: string,
  itemsOf: (value: unknown) => Iterable<unknown>,
): Search | undefined {
  const search = searchOf(schema);
  if (search === undefined) return undefined;
  return (value, path, found) => {
    const pathOfItems = path.replace(/\.$/, "") + step;
    for (const item of itemsOf(value)) search(item, pathOfItems, found);
  };
}
