// Writes the table of settings: `npm run help:settings`.
import { readFileSync, writeFileSync } from "node:fs";
import { helpText } from "./help-text.ts";
import { withSettingsTable } from "./settings-table.ts";

const file = helpText("settings");
writeFileSync(file, withSettingsTable(readFileSync(file, "utf8")));
