import type { VNode } from "preact";
import { BASE } from "../base.ts";
import { Heading } from "../parts/heading.tsx";
import { Markdown } from "../parts/markdown.tsx";
import { Table } from "../parts/table.tsx";
import { MissingPage } from "./missing.tsx";

/** The texts of `opik-local help`, by the paths of their files. */
const FILES = import.meta.glob<string>("../../../cli/help/*.md", { query: "?raw", import: "default", eager: true });

/** The texts by the names of their topics. */
const TEXTS: ReadonlyMap<string, string> = new Map(
  Object.entries(FILES).map(([path, text]) => [path.replace(/^.*\/|\.md$/g, ""), text]),
);

const HEADING = /^# (.*)\n/;

/** The topics of `opik-local help`, or the text of one. */
export function HelpPage({ topic }: { topic?: string }): VNode {
  if (topic === undefined || topic === "") return <Topics />;
  const text = TEXTS.get(topic);
  if (text === undefined) return <MissingPage />;
  return (
    <>
      <p>
        <a href={`${BASE}/help`}>Help</a> · <code>opik-local help {topic}</code>
      </p>
      <Heading title={titleOf(text)} />
      <Markdown text={text.replace(HEADING, "").replaceAll(/^<!--.*-->$/gm, "")} />
    </>
  );
}

function Topics(): VNode {
  return (
    <>
      <Heading title="Help" />
      <Table heads={["Topic", "What it is about"]}>
        {Array.from(TEXTS, ([name, text]) => (
          <tr key={name}>
            <td>
              <a href={`${BASE}/help/${name}`}>{name}</a>
            </td>
            <td class="text">{titleOf(text)}</td>
          </tr>
        ))}
      </Table>
    </>
  );
}

function titleOf(text: string): string {
  return HEADING.exec(text)?.[1] ?? "";
}
