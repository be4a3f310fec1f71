import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { get, type Page, type Prompt, type PromptVersion } from "../api.ts";
import { messagesIn } from "../conversation.ts";
import { jsonOrText } from "../format.ts";
import { useLive } from "../live.ts";
import { Conversation } from "../parts/conversation.tsx";
import { Diff } from "../parts/diff.tsx";
import { Heading } from "../parts/heading.tsx";
import { Copy, Id } from "../parts/id.tsx";
import { Section } from "../parts/section.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { Time } from "../parts/time.tsx";
import { Unread } from "../parts/unread.tsx";
import { VersionPicker } from "../parts/version-picker.tsx";

/** The limit of the API's page. */
const SIZE = 1_000;

/** A prompt: its versions with their environments, and what each has changed. */
export function PromptPage({ id }: { id: string }): VNode {
  const path = `/v1/private/prompts/${id}`;
  const [chosen, choose] = useState<string>();
  const [view, setView] = useState<"template" | "changes">("template");
  const { value, error } = useLive(
    id,
    async () => {
      const [prompt, versions] = await Promise.all([
        get<Prompt>(path),
        get<Page<PromptVersion>>(`${path}/versions?page=1&size=${SIZE}`),
      ]);
      return { prompt, versions: versions.content };
    },
    ({ name }) => name.startsWith("prompts:"),
  );
  if (value === undefined) return <Unread error={error} />;
  const { prompt, versions } = value;
  const index = Math.max(
    0,
    versions.findIndex((version) => version.id === chosen),
  );
  const version = versions[index];
  const before = versions[index + 1];
  return (
    <>
      <Heading title={prompt.name} />
      <p class="about">
        <Id value={id} isPrinted /> · {prompt.template_structure} {prompt.description}
      </p>
      <div class="beside">
        <Section title="Versions">
          <VersionPicker
            chosen={version?.id}
            onChoose={choose}
            versions={versions.map((one) => ({
              ...{ id: one.id, name: one.version_number ?? one.commit, tags: tagsOf(one) },
              ...{ note: one.change_description ?? "", time: one.created_at },
            }))}
          />
        </Section>
        {version !== undefined && (
          <Section
            title={`Version ${version.version_number ?? version.commit}`}
            aside={
              <span class="toolbar">
                <Tabs label="View" options={["template", "changes"]} chosen={view} onChoose={setView} />
                <Copy text={version.template} label="copy" />
              </span>
            }
          >
            <p class="about">
              commit <code>{version.commit}</code> · {version.type} · <Time value={version.created_at} />
            </p>
            {view === "template" && <Template text={version.template} />}
            {view === "changes" && <Diff before={printed(before?.template ?? "")} after={printed(version.template)} />}
          </Section>
        )}
      </div>
    </>
  );
}

function tagsOf({ environments = [], version_type }: PromptVersion): string[] {
  return version_type === "mask" ? ["mask", ...environments] : environments;
}

function Template({ text }: { text: string }): VNode {
  const messages = messagesIn(jsonOrText(text));
  return (
    <div class="content">
      {messages === undefined ? <pre class="plain">{text}</pre> : <Conversation messages={messages} />}
    </div>
  );
}

/** A chat prompt is JSON in one line: its changes are read line by line. */
function printed(template: string): string {
  const value = jsonOrText(template);
  return typeof value === "object" ? JSON.stringify(value, null, 2) : template;
}
