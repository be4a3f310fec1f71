import { lexer, type Token, type Tokens } from "marked";
import type { ComponentChildren, VNode } from "preact";

/** Markdown nested deeper than this is shown as text. */
const MAX_DEPTH = 20;

/**
 * Markdown as elements. The library only reads it: no HTML is made of it, so that tags in it are text, images are
 * links to click on, and nothing is loaded or run.
 */
export function Markdown({ text }: { text: string }): VNode {
  return <div class="markdown">{lexer(text).map((token, index) => block(token, index, 0))}</div>;
}

function block(token: Token, key: number, depth: number): ComponentChildren {
  if (depth > MAX_DEPTH) return <pre class="plain">{token.raw}</pre>;
  const { type } = token;
  if (type === "space" || type === "def") return null;
  if (type === "hr") return <hr key={key} />;
  if (type === "code") {
    return (
      <pre key={key}>
        <code>{(token as Tokens.Code).text}</code>
      </pre>
    );
  }
  if (type === "heading") {
    // A heading of its own would be one of the page.
    return (
      <p key={key}>
        <strong>{inlines(token, depth)}</strong>
      </p>
    );
  }
  if (type === "blockquote") return <blockquote key={key}>{blocks(token, depth)}</blockquote>;
  if (type === "list") return list(token as Tokens.List, key, depth);
  if (type === "table") return table(token as Tokens.Table, key, depth);
  if (type === "paragraph" || type === "text") return <p key={key}>{inlines(token, depth)}</p>;
  return (
    <p key={key} class="plain">
      {token.raw}
    </p>
  );
}

function blocks(token: Token, depth: number): ComponentChildren {
  const { tokens = [] } = token as { tokens?: Token[] };
  return tokens.map((one, index) => block(one, index, depth + 1));
}

function list({ ordered, items }: Tokens.List, key: number, depth: number): VNode {
  const entries = items.map((item, index) => <li key={index}>{blocks(item, depth)}</li>);
  return ordered ? <ol key={key}>{entries}</ol> : <ul key={key}>{entries}</ul>;
}

function table({ header, rows }: Tokens.Table, key: number, depth: number): VNode {
  return (
    <div class="scroll" key={key}>
      <table>
        <thead>
          <tr>
            {header.map((cell, index) => (
              <th key={index}>{inlines(cell, depth)}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={index}>
              {row.map((cell, column) => (
                <td key={column}>{inlines(cell, depth)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function inlines(
  token: { tokens?: Token[] | undefined; raw?: string; text?: string },
  depth: number,
): ComponentChildren {
  if (token.tokens === undefined || depth > MAX_DEPTH) return token.text ?? token.raw ?? "";
  return token.tokens.map((one, index) => inline(one, index, depth + 1));
}

function inline(token: Token, key: number, depth: number): ComponentChildren {
  switch (token.type) {
    case "strong":
      return <strong key={key}>{inlines(token as Tokens.Strong, depth)}</strong>;
    case "em":
      return <em key={key}>{inlines(token as Tokens.Em, depth)}</em>;
    case "del":
      return <s key={key}>{inlines(token as Tokens.Del, depth)}</s>;
    case "codespan":
      return <code key={key}>{(token as Tokens.Codespan).text}</code>;
    case "br":
      return <br key={key} />;
    case "link":
      return (
        <Outside key={key} href={(token as Tokens.Link).href}>
          {inlines(token as Tokens.Link, depth)}
        </Outside>
      );
    case "image":
      return (
        <Outside key={key} href={(token as Tokens.Image).href}>
          image: {(token as Tokens.Image).text || (token as Tokens.Image).href}
        </Outside>
      );
    case "text":
    case "escape":
      return "tokens" in token ? inlines(token as Tokens.Text, depth) : (token as Tokens.Text).text;
    default:
      return token.raw;
  }
}

/** A link to another place: only http(s), in a new tab that does not know where it was opened. */
function Outside({ href, children }: { href: string; children: ComponentChildren }): VNode {
  if (!/^https?:\/\//i.test(href)) return <span title={href}>{children}</span>;
  return (
    <a href={href} target="_blank" rel="noopener noreferrer nofollow" title={href}>
      {children}
    </a>
  );
}
