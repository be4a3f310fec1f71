import { lexer, type Token, type Tokens } from "marked";
import { wrap } from "../wrap.ts";
import { cellText, inlineText } from "./inline.ts";
import { tableLines } from "./table.ts";

const INDENT = "    ";

/**
 * Lays out Markdown for a terminal, like a page of a manual: headings in capitals, paragraphs wrapped, tables in columns,
 * code indented and not changed.
 * @param width the largest number of characters in a line; only code may be longer
 */
export function markdownLines(text: string, width: number): string[] {
  return blocks(lexer(text), width);
}

/** Blocks with an empty line in between. */
function blocks(tokens: readonly Token[], width: number): string[] {
  return tokens
    .map((token) => block(token, width))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ["", ...lines]));
}

function block(token: Token, width: number): string[] {
  switch (token.type) {
    case "space":
    case "html":
      return [];
    case "heading": {
      const title = inlineText(token as Tokens.Heading);
      return wrap((token as Tokens.Heading).depth === 1 ? title : title.toUpperCase(), width);
    }
    case "code":
      return (token as Tokens.Code).text.split("\n").map((line) => (INDENT + line).trimEnd());
    case "list":
      return list(token as Tokens.List, width);
    case "table": {
      const { header, rows } = token as Tokens.Table;
      return tableLines(
        [header, ...rows].map((row) => row.map((cell) => cellText(cell))),
        width,
      );
    }
    default:
      return wrap(inlineText(token as Tokens.Paragraph), width);
  }
}

function list({ ordered, start, items }: Tokens.List, width: number): string[] {
  return items.flatMap((item, index) => {
    const mark = ordered ? `${Number(start) + index}. ` : "- ";
    const lines = blocks(item.tokens, width - mark.length);
    return lines.map((line, at) => ((at === 0 ? mark : " ".repeat(mark.length)) + line).trimEnd());
  });
}
