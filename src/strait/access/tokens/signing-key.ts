import { randomHex } from "../../../core/ids.ts";
import type { StraitContext } from "../../context.ts";
import type { SettingService } from "../settings/service.ts";

/** The name under which the key is stored. */
const SETTING = "jwt_signing_key";
const KEY_BYTES = 32;

/**
 * The key that signs all tokens: the setting, else a key that is created with the first token and stored in the database. It
 * is read for each token, because the transaction of the first one may be rolled back, and a snapshot may be restored.
 */
export class SigningKey {
  readonly #context: Pick<StraitContext, "config" | "ids">;
  readonly #settings: SettingService;

  constructor(context: Pick<StraitContext, "config" | "ids">, settings: SettingService) {
    this.#context = context;
    this.#settings = settings;
  }

  /** The key to sign with. It is created in the open transaction, if there is one. */
  get(): Uint8Array {
    return encode(this.#context.config.jwtSigningKey ?? this.#settings.getOrCreate(SETTING, () => this.#make()));
  }

  /** The key to verify with; `undefined` when there is none yet, so that no token can be valid. */
  find(): Uint8Array | undefined {
    const key = this.#context.config.jwtSigningKey ?? this.#settings.find(SETTING);
    return key === undefined ? undefined : encode(key);
  }

  /** From a source of its own: other ids do not depend on whether there was a token before. */
  #make(): string {
    return randomHex(this.#context.ids.derive(SETTING), KEY_BYTES);
  }
}

function encode(key: string): Uint8Array {
  return new TextEncoder().encode(key);
}
