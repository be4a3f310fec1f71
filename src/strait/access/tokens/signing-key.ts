import { randomHex } from "../../../core/ids.ts";
import type { StraitContext } from "../../context.ts";
import type { SettingService } from "../settings/service.ts";

/** The key that signs all tokens: the setting, else a key that is created once and stored in the database. */
export function signingKeyOf({ ids, config }: StraitContext, settings: SettingService): string {
  return config.jwtSigningKey ?? settings.getOrCreate("jwt_signing_key", () => randomHex(ids, 32));
}
