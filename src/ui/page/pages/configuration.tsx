import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, type Blueprint, get, type Page, query } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { useParameters } from "../parameters.ts";
import { ConfigurationValues } from "../parts/configuration-values.tsx";
import { Heading } from "../parts/heading.tsx";
import { Section } from "../parts/section.tsx";
import { Unread } from "../parts/unread.tsx";
import { VersionPicker } from "../parts/version-picker.tsx";

const BLUEPRINTS = "/v1/private/agent-configs/blueprints";
const SIZE = 100;
const NOT_FOUND = 404;

interface Configuration {
  /** Newest first; none when the project has no configuration. */
  versions: Blueprint[];
  /** The newest one with the values of a mask. */
  masked: Blueprint | undefined;
}

/**
 * The configuration of a project's agents: its blueprints with their environments, and what each has changed. The API
 * lists no masks: the page of a job that ran with one leads here with its id (`?mask=`).
 */
export function ConfigurationPage({ id }: { id: string }): VNode {
  const [{ mask }] = useParameters();
  const [chosen, choose] = useState<string>();
  const { value, error } = useLive(
    `${id} ${mask}`,
    () => readConfiguration(id, mask),
    ({ name }) => name === "agent-configs:written",
  );
  if (value === undefined) return <Unread error={error} />;
  const { versions, masked } = value;
  const index = Math.max(
    0,
    versions.findIndex((version) => version.id === chosen),
  );
  const version = versions[index];
  return (
    <>
      <Heading title="Configuration" />
      <p class="about">
        of the agents of <a href={`${BASE}/projects/${id}`}>this project</a>
      </p>
      {version === undefined && (
        <p class="faint">No configuration yet. `client.create_agent_config` of the SDK makes one.</p>
      )}
      {masked !== undefined && <ConfigurationValues title="With the mask" current={masked} before={versions[0]} />}
      {version !== undefined && (
        <div class="beside">
          <Section title="Versions">
            <VersionPicker
              chosen={version.id}
              onChoose={choose}
              versions={versions.map((one) => ({
                ...{ id: one.id, name: one.name, tags: one.envs ?? [], note: one.description ?? "" },
                time: one.created_at,
              }))}
            />
          </Section>
          <ConfigurationValues key={version.id} title={version.name} current={version} before={versions[index + 1]} />
        </div>
      )}
    </>
  );
}

async function readConfiguration(projectId: string, mask: string | undefined): Promise<Configuration> {
  try {
    const [history, masked] = await Promise.all([
      get<Page<Blueprint>>(`${BLUEPRINTS}/history/projects/${projectId}?page=1&size=${SIZE}`),
      mask === undefined
        ? undefined
        : get<Blueprint>(`${BLUEPRINTS}/latest/projects/${projectId}${query({ mask_id: mask })}`),
    ]);
    return { versions: history.content, masked };
  } catch (error) {
    if (mask === undefined && error instanceof ApiError && error.status === NOT_FOUND) {
      return { versions: [], masked: undefined };
    }
    throw error;
  }
}
