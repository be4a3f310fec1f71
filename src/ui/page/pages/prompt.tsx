import type { VNode } from "preact";
import { get, type Page } from "../api.ts";
import { useLive } from "../live.ts";
import { Id } from "../parts/id.tsx";
import { Json } from "../parts/json.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Time } from "../parts/time.tsx";

interface Version {
  id: string;
  commit: string;
  version_number?: string;
  template: string;
  created_at?: string;
  change_description?: string;
}

interface Prompt {
  name: string;
  description?: string;
  template_structure?: string;
}

const SIZE = 100;

/** A prompt and its versions, the newest first. */
export function PromptPage({ id }: { id: string }): VNode {
  const path = `/v1/private/prompts/${id}`;
  const { value, error } = useLive(
    id,
    async () => ({
      prompt: await get<Prompt>(path),
      versions: (await get<Page<Version>>(`${path}/versions?page=1&size=${SIZE}`)).content,
    }),
    ({ name }) => name.startsWith("prompt"),
  );
  if (value === undefined) return <Failure error={error} />;
  const { prompt, versions } = value;
  return (
    <>
      <h1>{prompt.name}</h1>
      <p class="faint">
        <Id value={id} /> · {prompt.template_structure} {prompt.description}
      </p>
      {versions.map((version) => (
        <Section
          key={version.id}
          title={`${version.version_number ?? ""} ${version.commit}`}
          aside={
            <span class="faint">
              {version.change_description} <Time value={version.created_at} />
            </span>
          }
        >
          <Json value={prompt.template_structure === "chat" ? messagesIn(version.template) : version.template} />
        </Section>
      ))}
    </>
  );
}

/** The messages of a chat prompt, which are kept as JSON text. */
function messagesIn(template: string): unknown {
  try {
    return JSON.parse(template);
  } catch {
    return template;
  }
}
