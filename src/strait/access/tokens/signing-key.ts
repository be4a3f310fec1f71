import type { Config } from "../../../config.ts";
import type { IdSource } from "../../../core/ids.ts";
import type { SettingService } from "../settings/service.ts";

/** What all tokens are signed with: the setting, else a key that is made once and kept in the database. */
export function signingKeyOf(options: {
  ids: IdSource;
  config: Pick<Config, "jwtSigningKey">;
  settings: SettingService;
}): string {
  const { ids, config, settings } = options;
  return config.jwtSigningKey ?? settings.getOrCreate("jwt_signing_key", () => ids.bytes(32).toString("hex"));
}
