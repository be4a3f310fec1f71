import type { VNode } from "preact";
import { useState } from "preact/hooks";
import { ApiError, get, type Page } from "../api.ts";
import { BASE } from "../base.ts";
import { useLive } from "../live.ts";
import { Diff } from "../parts/diff.tsx";
import { Failure } from "../parts/notice.tsx";
import { Section } from "../parts/section.tsx";
import { Table } from "../parts/table.tsx";
import { Tabs } from "../parts/tabs.tsx";
import { VersionPicker } from "../parts/version-picker.tsx";

interface Value {
  key: string;
  value?: string;
  type: string;
  description?: string;
}

interface Blueprint {
  id: string;
  name: string;
  type: string;
  description?: string;
  values?: Value[];
  envs?: string[];
  created_at?: string;
}

const BLUEPRINTS = "/v1/private/agent-configs/blueprints";
const SIZE = 100;
const NOT_FOUND = 404;

/** The configuration of a project's agents: its blueprints with their environments, and what each has changed. */
export function ConfigurationPage({ id }: { id: string }): VNode {
  const [chosen, choose] = useState<string>();
  const isConfiguration = ({ name }: { name: string }): boolean => name === "agent-configs:written";
  const history = useLive(id, () => readHistory(id), isConfiguration);
  const versions = history.value ?? [];
  const index = Math.max(
    0,
    versions.findIndex((version) => version.id === chosen),
  );
  const version = versions[index];
  const before = versions[index + 1];
  if (history.value === undefined) return <Failure error={history.error} />;
  return (
    <>
      <h1>Configuration</h1>
      <p class="about">
        of the agents of <a href={`${BASE}/projects/${id}`}>this project</a>
      </p>
      {version === undefined && (
        <p class="faint">No configuration yet. `client.create_agent_config` of the SDK makes one.</p>
      )}
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
          <BlueprintView key={version.id} version={version} before={before} />
        </div>
      )}
    </>
  );
}

/** The versions of a project's configuration, newest first; none when it has no configuration. */
async function readHistory(projectId: string): Promise<Blueprint[]> {
  try {
    const path = `${BLUEPRINTS}/history/projects/${projectId}?page=1&size=${SIZE}`;
    return (await get<Page<Blueprint>>(path)).content;
  } catch (error) {
    if (error instanceof ApiError && error.status === NOT_FOUND) return [];
    throw error;
  }
}

/** The values of a version, and how they differ from the version before. */
function BlueprintView({ version, before }: { version: Blueprint; before: Blueprint | undefined }): VNode {
  const [view, setView] = useState<"values" | "changes">("values");
  const whole = useLive(
    `${version.id} ${before?.id}`,
    async () => ({
      current: await get<Blueprint>(`${BLUEPRINTS}/${version.id}`),
      earlier: before === undefined ? undefined : await get<Blueprint>(`${BLUEPRINTS}/${before.id}`),
    }),
    () => false,
  );
  const { current, earlier } = whole.value ?? { current: version, earlier: before };
  return (
    <Section
      title={version.name}
      aside={<Tabs label="View" options={["values", "changes"]} chosen={view} onChoose={setView} />}
    >
      <Failure error={whole.error} />
      {view === "changes" && <Diff before={printed(earlier)} after={printed(current)} />}
      {view === "values" && (
        <Table heads={["Key", "Value", "Type", "Description"]}>
          {(current.values ?? []).map(({ key, value, type, description }) => (
            <tr key={key}>
              <td class="mono">{key}</td>
              <td class="mono cut" title={value}>
                {value}
              </td>
              <td>{type}</td>
              <td class="cut">{description}</td>
            </tr>
          ))}
        </Table>
      )}
    </Section>
  );
}

function printed(blueprint: Blueprint | undefined): string {
  return (blueprint?.values ?? []).map(({ key, value = "" }) => `${key}: ${value}`).join("\n");
}
