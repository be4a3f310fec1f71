import * as v from "valibot";

/** Answer of `GET /__local/settings`. */
export const settingList = v.object({
  settings: v.array(
    v.object({
      name: v.string(),
      /** As it is written on the command line; secrets are hidden. Empty when it has no value. */
      value: v.string(),
      /** Where the value came from: `flag`, `environment`, `config file`, `default`, or `program`. */
      source: v.string(),
      /** The variable that sets it. */
      environment: v.string(),
      /** Absent when no flag sets it. */
      flag: v.optional(v.string()),
      description: v.string(),
    }),
  ),
});
export type SettingList = v.InferOutput<typeof settingList>;
