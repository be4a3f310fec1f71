import type { Token, Tokens } from "marked";

/** Something with words in it: a paragraph, a heading, a cell. */
interface Inline {
  tokens?: Token[] | undefined;
  text?: string;
  raw?: string;
}

/** The words of a paragraph without the marks of Markdown, except those of code, on one line. */
export function inlineText(token: Inline): string {
  return textOf(token).replaceAll(/\s+/g, " ").trim();
}

/** The same for a cell of a table: one that is nothing but code needs no marks. */
export function cellText(token: Inline): string {
  const { tokens = [] } = token;
  const isCode = tokens.every(({ type, raw }) => type === "codespan" || /^[\s,…]*$/.test(raw));
  return isCode ? inlineText(token).replaceAll("`", "") : inlineText(token);
}

function textOf({ tokens, text, raw }: Inline): string {
  return tokens === undefined ? (text ?? raw ?? "") : tokens.map((token) => wordsOf(token)).join("");
}

function wordsOf(token: Token): string {
  switch (token.type) {
    case "codespan":
      return `\`${(token as Tokens.Codespan).text}\``;
    case "br":
      return " ";
    case "html":
      return token.raw;
    case "link":
      return linkText(token as Tokens.Link);
    default:
      return textOf(token as Inline);
  }
}

/** A link to a file beside the text leads nowhere from a terminal, so only its words are shown. */
function linkText(link: Tokens.Link): string {
  const words = textOf(link);
  return /^https?:/.test(link.href) && link.href !== words ? `${words} (${link.href})` : words;
}
