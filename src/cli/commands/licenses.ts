import { type CommandDef, defineCommand } from "citty";
import { assetFolder } from "../../core/assets.ts";
import { print } from "../print.ts";
import type { Terminal } from "../terminal.ts";

/** `opik-local licenses`: the licences of the libraries inside. */
export const licensesCommand: CommandDef = defineCommand({
  meta: { name: "licenses", description: "Show the licences of the libraries inside" },
  run: ({ data }) => {
    // Written by the build: the sources have none.
    const texts = assetFolder("licenses", () => new URL("./licenses/", import.meta.url));
    for (const name of texts.names()) print((data as Terminal).stdout, texts.text(name));
  },
});
