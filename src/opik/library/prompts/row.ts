import { jsonField, timeField } from "../../wire/columns.ts";
import type { ListedPrompt, ListedVersion } from "./schema.ts";
import { type PromptRow, PROMPTS, type VersionRow } from "./store.ts";

/** A prompt as lists show it. */
export function toPrompt(row: PromptRow): ListedPrompt {
  return { ...PROMPTS.toFields(row), tags: tagsField(row.tags_json) };
}

/** A version as lists show it. */
export function toVersion(row: VersionRow, prompt: PromptRow, environments: string[]): ListedVersion {
  const isMask = row.number === null;
  return {
    id: row.id,
    prompt_id: row.prompt_id,
    commit: row.commit_hash,
    version_number: isMask ? undefined : `v${row.number}`,
    template: row.template,
    metadata: jsonField(row.metadata_json),
    type: row.type,
    version_type: isMask ? "mask" : "prompt_version",
    environments: environments.length === 0 ? undefined : environments,
    change_description: row.change_description ?? undefined,
    tags: tagsField(row.tags_json),
    template_structure: prompt.template_structure,
    created_at: timeField(row.created_at),
    created_by: row.created_by,
  };
}

function tagsField(column: string | null): string[] | undefined {
  return column === null ? undefined : (JSON.parse(column) as string[]);
}
