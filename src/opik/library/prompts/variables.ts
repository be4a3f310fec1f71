import type { PromptType } from "./schema.ts";

/** `{name}` of Python's format strings; doubled braces are braces. */
const PYTHON_VARIABLE = /(?<!\{)\{(\w+)\}(?!\})/g;

/** The variables of a template, each once; the real server finds none in Jinja templates [opik 9.2]. */
export function variablesOf(template: string, type: PromptType): string[] {
  if (type === "jinja2") return [];
  if (type === "mustache") return mustacheVariables(template) ?? [];
  return [...new Set(Array.from(template.matchAll(PYTHON_VARIABLE), ([, name = ""]) => name))];
}

/** The signs behind the opening braces of a tag that is no plain variable. */
const OPENS_SECTION = new Set(["#", "^", "<", "$"]);
const CLOSES_SECTION = "/";
const IS_COMMENT = "!";
const IS_UNESCAPED = "&";
const SETS_DELIMITERS = "=";
const IS_PARTIAL = ">";

/**
 * The variables of a Mustache template: not the names of its sections, but what is inside of them.
 * @returns `undefined` for a template that cannot be parsed: a tag or a section is not closed, or it has a partial
 */
function mustacheVariables(template: string): string[] | undefined {
  const variables = new Set<string>();
  const sections: string[] = [];
  let [open, close] = ["{{", "}}"];
  for (let at = template.indexOf(open); at >= 0; at = template.indexOf(open, at)) {
    const isTriple = open === "{{" && template.startsWith("{{{", at);
    const end = isTriple ? "}}}" : close;
    const from = at + open.length + (isTriple ? 1 : 0);
    const to = template.indexOf(end, from);
    if (to < 0) return undefined;
    at = to + end.length;
    const text = template.slice(from, to).trim();
    const sign = text.charAt(0);
    const name = text.slice(1).trim();
    if (isTriple) variables.add(text);
    else if (sign === IS_COMMENT) continue;
    else if (sign === IS_PARTIAL) return undefined;
    else if (sign === SETS_DELIMITERS) [open = open, close = close] = name.replace(/=$/, "").trim().split(/\s+/);
    else if (OPENS_SECTION.has(sign)) sections.push(name);
    else if (sign === CLOSES_SECTION) {
      if (sections.pop() !== name) return undefined;
    } else if (sign === IS_UNESCAPED) variables.add(name);
    else if (text !== "") variables.add(text);
  }
  return sections.length === 0 ? [...variables] : undefined;
}
