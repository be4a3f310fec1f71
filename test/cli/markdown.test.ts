import { describe, expect, test } from "vitest";
import { markdownLines } from "../../src/cli/markdown/lines.ts";

function lines(text: string, width = 40): string {
  return markdownLines(text, width).join("\n");
}

describe("Markdown in a terminal", () => {
  test("has headings in capitals, except the first, and an empty line between blocks", () => {
    expect(lines("# A title\nText.\n## Then `more`\n\nText.")).toBe("A title\n\nText.\n\nTHEN `MORE`\n\nText.");
  });

  test("wraps paragraphs and items of lists, not code", () => {
    const code = "a line of code that is longer than the lines of the text";
    expect(
      lines(`A paragraph with **words** of\nseveral lines, and [a link](file.md).\n\n\`\`\`sh\n${code}\n\`\`\``),
    ).toBe(`A paragraph with words of several lines,\nand a link.\n\n    ${code}`);
    expect(lines("- an item with more words than fit on a line\n- two\n\n1. one\n2. two")).toBe(
      "- an item with more words than fit on a\n  line\n- two\n\n1. one\n2. two",
    );
  });

  test("shows where links to the web lead, and no comments", () => {
    expect(lines("<!-- a comment -->\n\n[Opik](https://example.com) & <https://example.com>")).toBe(
      "Opik (https://example.com) &\nhttps://example.com",
    );
  });

  test("lays out tables in columns, whose cells are wrapped", () => {
    const table = "| name | what |\n|---|---|\n| `a`, `b` | a text with more words than fit |\n| c | with `code` |";
    expect(lines(table, 30)).toBe("NAME  WHAT\na, b  a text with more words\n      than fit\nc     with `code`");
  });

  test("lists the rows of a table whose words do not fit beside each other", () => {
    const table =
      "| name | flag | default | what |\n|---|---|---|---|\n| `A_LONG_VARIABLE_NAME` | `--variable-name` | | a text |";
    expect(lines(table)).toBe("A_LONG_VARIABLE_NAME   flag:\n--variable-name\n    a text");
  });
});
