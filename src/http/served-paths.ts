import { type FoundPath, PathTree } from "./path-tree.ts";
import type { Api, Route } from "./route.ts";

/** A path that an API serves. */
export interface ServedPath {
  api: Api;
  /** The prefix of its API that the path has. */
  prefix: string;
  /** One for each method. */
  routes: readonly Route[];
}

/** Routes whose paths begin alike, under one prefix of their API. */
type Section = ServedPath;

/** As many segments of a path are looked at. All beginnings of templates are shorter. */
const MAX_SEGMENTS = 8;

/**
 * Finds the routes of all APIs by the path of a request. Routes are made with the first request that needs another than
 * `firstRoutes`. What begins alike, such as all below `/v1/private/datasets`, is put into the tree with the first request for
 * it. To make and to put in everything took a sixth of a start.
 */
export class ServedPaths {
  /** The APIs whose routes are not read yet. */
  #unread: readonly Api[];
  readonly #firstPaths = new PathTree<ServedPath>();
  readonly #tree = new PathTree<ServedPath>();
  /** What is not in the tree yet, by its beginning. */
  readonly #sections = new Map<string, Section[]>();

  constructor(apis: readonly Api[]) {
    this.#unread = apis;
    for (const api of apis) {
      for (const prefix of api.prefixes) addTo(this.#firstPaths, { api, prefix, routes: api.firstRoutes ?? [] });
    }
  }

  /** @throws Error when two paths that begin alike differ only in the names of their parameters */
  find(path: string): FoundPath<ServedPath> | undefined {
    if (this.#unread.length > 0) {
      const first = this.#firstPaths.find(path);
      if (first !== undefined) return first;
      this.#readRoutes();
    }
    if (this.#sections.size > 0) for (const beginning of beginningsOf(path)) this.#addSections(beginning);
    return this.#tree.find(path);
  }

  #readRoutes(): void {
    for (const api of this.#unread) {
      for (const [beginning, routes] of Map.groupBy(api.routes, ({ path }) => beginningOf(path))) {
        for (const prefix of api.prefixes) this.#keep(prefix + beginning, { api, prefix, routes });
      }
    }
    this.#unread = [];
  }

  #keep(beginning: string, section: Section): void {
    const others = this.#sections.get(beginning);
    if (others === undefined) this.#sections.set(beginning, [section]);
    else others.push(section);
  }

  #addSections(beginning: string): void {
    const sections = this.#sections.get(beginning) ?? [];
    this.#sections.delete(beginning);
    for (const section of sections) addTo(this.#tree, section);
  }
}

/** Puts each path of a section into a tree. */
function addTo(tree: PathTree<ServedPath>, { api, prefix, routes }: Section): void {
  for (const [path, ofPath] of Map.groupBy(routes, (route) => route.path)) {
    tree.add(prefix + path, { api, prefix, routes: ofPath });
  }
}

/** What a template has before its first parameter: `/v1/private/datasets` of `/v1/private/datasets/:id/items`. */
function beginningOf(template: string): string {
  const [texts = ""] = /^(?:\/[^/:*]+(?=\/|$))*/.exec(template) ?? [];
  return texts;
}

/** All beginnings that a template can have which fits a path. */
function beginningsOf(path: string): string[] {
  const beginnings = [""];
  let end = 0;
  while (end !== -1 && beginnings.length <= MAX_SEGMENTS) {
    end = path.indexOf("/", end + 1);
    beginnings.push(end === -1 ? path : path.slice(0, end));
  }
  return beginnings;
}
