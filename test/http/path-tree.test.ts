import { describe, expect, test } from "vitest";
import { PathTree } from "../../src/http/path-tree.ts";

/** A tree whose values are its templates. */
function treeOf(...templates: string[]): PathTree<string> {
  const tree = new PathTree<string>();
  for (const template of templates) tree.add(template, template);
  return tree;
}

function found(tree: PathTree<string>, path: string): [template: string, parameters: object] | undefined {
  const { value, parameters } = tree.find(path) ?? {};
  return value === undefined ? undefined : [value, { ...parameters }];
}

const THINGS = treeOf("/", "/things", "/things/:id", "/things/next", "/things/:thing/parts/:part", "/files/**");

describe("a tree of paths", () => {
  test.for([
    ["/", "/", {}],
    ["/things", "/things", {}],
    ["/things/7", "/things/:id", { id: "7" }],
    ["/things/next", "/things/next", {}],
    ["/things/a%2Fb", "/things/:id", { id: "a%2Fb" }],
    ["/things/7/parts/8", "/things/:thing/parts/:part", { thing: "7", part: "8" }],
    // A text that leads nowhere is a parameter.
    ["/things/next/parts/8", "/things/:thing/parts/:part", { thing: "next", part: "8" }],
    ["/files", "/files/**", {}],
    ["/files/a/b", "/files/**", {}],
  ] as const)("finds %s", ([path, template, parameters]) => {
    expect(found(THINGS, path)).toEqual([template, parameters]);
  });

  test("ignores one slash at the end", () => {
    expect(found(THINGS, "/things/7/")).toEqual(["/things/:id", { id: "7" }]);
    expect(found(THINGS, "/things//")).toBeUndefined();
  });

  test.for(["/other", "/things/7/parts", "/things//parts/8", "//things", "/Things", "/things/7/parts/8/9", ""])(
    "does not find %s",
    (path) => {
      expect(found(treeOf("/things", "/things/:id", "/things/:thing/parts/:part"), path)).toBeUndefined();
    },
  );

  test("finds the first of two values for one template", () => {
    const tree = treeOf("/things/:id");
    tree.add("/things/:id", "second");
    expect(tree.find("/things/1")?.value).toBe("/things/:id");
  });

  test("prefers what is more specific, whichever came first", () => {
    const tree = treeOf("/**", "/:kind/:id", "/things/**", "/things/:id", "/things/next");
    expect(
      ["/things/next", "/things/1", "/things/1/2", "/others/1", "/others", "/"].map((path) => found(tree, path)?.[0]),
    ).toEqual(["/things/next", "/things/:id", "/things/**", "/:kind/:id", "/**", "/**"]);
  });

  test("has no parameters but the template's", () => {
    expect(THINGS.find("/things/7")?.parameters["constructor"]).toBeUndefined();
  });
});
