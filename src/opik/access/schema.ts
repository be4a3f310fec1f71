import * as v from "valibot";
import { list, string } from "../wire/values.ts";

export const workspaceName = v.object({ workspace_name: string() });

export const userPermissions = v.object({
  user_name: string(),
  workspace_name: string(),
  permissions: list(v.object({ permission_name: string(), permission_value: string() })),
});

export const workspaceVersion = v.object({ opik_version: string({ enum: ["version_1", "version_2"] }) });
