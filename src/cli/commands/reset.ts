import { defineVerb } from "../verb.ts";

/** `opik-local reset`: deletes everything. */
export const resetVerb = defineVerb({
  name: "reset",
  description: "Delete everything in a workspace, and load the fixtures of the start again",
  flags: {
    workspace: { type: "string", valueHint: "name", description: "The workspace to empty (default)" },
    all: { type: "boolean", description: "Empty all workspaces, executor runs too, and set clock and ids back" },
    "keep-runners": { type: "boolean", description: "With --all: keep projects and runners, and their polls open" },
  },
  run: async ({ client, flags, say, data }) => {
    const workspace = flags["workspace"];
    const options = { all: flags["all"] === true, keepRunners: flags["keep-runners"] === true };
    const { generation } = await client.reset({ ...options, ...(typeof workspace === "string" ? { workspace } : {}) });
    data({ generation });
    say(options.keepRunners ? "everything but projects and runners was deleted" : "everything was deleted");
  },
});
