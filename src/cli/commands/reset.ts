import { defineVerb } from "../verb.ts";

/** `opik-local reset`: deletes everything. */
export const resetVerb = defineVerb({
  name: "reset",
  description: "Delete everything in a workspace, and load the fixtures of the start again",
  flags: {
    workspace: { type: "string", valueHint: "name", description: "The workspace to empty (default)" },
    all: { type: "boolean", description: "Empty all workspaces, executor runs too, and set clock and ids back" },
  },
  run: async ({ client, flags, say, data }) => {
    const workspace = flags["workspace"];
    const all = flags["all"] === true;
    const { generation } = await client.reset({ all, ...(typeof workspace === "string" ? { workspace } : {}) });
    data({ generation });
    say("everything was deleted");
  },
});
