/** The last segment of a template that matches any rest of a path, also none. */
const REST = "**";

/** A path that was found, with the parameters that it has, as they are in the path. */
export interface FoundPath<Value> {
  value: Value;
  parameters: Record<string, string>;
}

/** What is below a beginning of paths. */
interface Node<Value> {
  /** By their texts; most paths have nothing below them. */
  children?: Map<string, Node<Value>>;
  /** Below a parameter, whatever its name is. */
  parameter?: Node<Value>;
  /** The template that ends here. */
  end?: End<Value>;
  /** The template that ends here with any rest. */
  rest?: End<Value>;
}

interface End<Value> {
  template: string;
  /** The parameters with their places. */
  names: ReadonlyArray<readonly [index: number, name: string]>;
  value: Value;
}

/**
 * Finds values by templates of paths in h3's notation: `/things/:id`, `/files/**`. Not by h3 itself, whose routes are
 * patterns: to add hundreds of them took a tenth of a start. As there, a text is preferred to a parameter and a parameter
 * to a rest, parameters are not empty, and a slash at the end of a path is ignored.
 */
export class PathTree<Value> {
  readonly #root: Node<Value> = {};

  /**
   * Adds a template. Of two values for one template the first is found.
   * @throws Error when another template differs only in the names of its parameters
   */
  add(template: string, value: Value): void {
    const segments = segmentsOf(template);
    const isRest = segments.at(-1) === REST;
    if (isRest) segments.pop();
    const names: Array<readonly [number, string]> = [];
    let node = this.#root;
    for (const [index, segment] of segments.entries()) {
      if (segment.startsWith(":")) {
        names.push([index, segment.slice(1)]);
        node = node.parameter ??= {};
      } else {
        node = childOf(node, segment);
      }
    }
    const place = isRest ? "rest" : "end";
    const first = (node[place] ??= { template, names, value });
    if (first.template === template) return;
    throw new Error(`The paths ${first.template} and ${template} need the same names for their parameters`);
  }

  /** Finds the template that fits a path best. */
  find(path: string): FoundPath<Value> | undefined {
    const segments = segmentsOf(path);
    const end = find(this.#root, segments, 0);
    if (end === undefined) return undefined;
    const parameters: Record<string, string> = Object.create(null) as Record<string, string>;
    for (const [index, name] of end.names) parameters[name] = segments[index] ?? "";
    return { value: end.value, parameters };
  }
}

function segmentsOf(path: string): string[] {
  return (path.endsWith("/") ? path.slice(0, -1) : path).split("/").slice(1);
}

function childOf<Value>(node: Node<Value>, segment: string): Node<Value> {
  const children = (node.children ??= new Map());
  let child = children.get(segment);
  if (child === undefined) {
    child = {};
    children.set(segment, child);
  }
  return child;
}

function find<Value>(node: Node<Value>, segments: readonly string[], index: number): End<Value> | undefined {
  const segment = segments[index];
  if (segment === undefined) return node.end ?? node.rest;
  const child = node.children?.get(segment);
  const found = child && find(child, segments, index + 1);
  if (found !== undefined) return found;
  const ofParameter = segment === "" ? undefined : node.parameter && find(node.parameter, segments, index + 1);
  return ofParameter ?? node.rest;
}
