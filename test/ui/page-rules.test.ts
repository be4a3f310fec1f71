import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const PAGE = fileURLToPath(new URL("../../src/ui/page/", import.meta.url));

const MAX_LINES = 200;

/** The sizes that the scales do not have: none, and lines of one to three pixels. */
const OFF_SCALE = /^(?:0|[123]px|auto|inherit|-1px|-2px)$/;

function filesWith(extension: string): Array<{ path: string; text: string }> {
  return readdirSync(PAGE, { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(extension))
    .map((path) => ({ path, text: readFileSync(join(PAGE, path), "utf8") }));
}

/** Values of a property in a style sheet, with where they are. */
function valuesOf(properties: RegExp): string[] {
  return filesWith(".css")
    .filter(({ path }) => !path.endsWith("tokens.css"))
    .flatMap(({ path, text }) =>
      Array.from(text.matchAll(/^\s*([\w-]+):\s*([^;]+);/gm))
        .filter(([, property = ""]) => properties.test(property))
        .map(([, property, value]) => `${path} ${property}: ${value}`),
    );
}

const isOnScale = (scale: RegExp, line: string): boolean =>
  line
    .split(": ")[1]!
    .split(/\s+/)
    .every((part) => scale.test(part) || OFF_SCALE.test(part));

describe("the page", () => {
  test(`has no component of more than ${MAX_LINES} lines`, () => {
    const components = filesWith(".tsx");
    expect(components.length).toBeGreaterThan(20);
    const long = components.filter(({ text }) => text.split("\n").length > MAX_LINES + 1);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  test("has one scale of type and one of space", () => {
    const sizes = valuesOf(/^font-size$/);
    expect(sizes.length).toBeGreaterThan(10);
    expect(sizes.filter((line) => !isOnScale(/^var\(--text-/, line))).toEqual([]);
    const spaces = valuesOf(/^(?:padding|margin|gap|row-gap|column-gap)(?:-|$)/);
    expect(spaces.length).toBeGreaterThan(30);
    expect(spaces.filter((line) => !isOnScale(/^var\(--space-/, line))).toEqual([]);
  });

  test("has no colour outside of the tokens, and makes HTML of no text", () => {
    const colours = filesWith(".css").filter(
      ({ path, text }) => !path.endsWith("tokens.css") && /#[\da-f]{3,8}\b|rgba?\(/i.test(text),
    );
    expect(colours.map(({ path }) => path)).toEqual([]);
    const makers = filesWith(".tsx").filter(({ text }) => /dangerouslySetInnerHTML|innerHTML/.test(text));
    expect(makers.map(({ path }) => path)).toEqual([]);
  });
});
