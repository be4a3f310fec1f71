import * as v from "valibot";
import type { StraitContext } from "../../context.ts";
import { type Caller, projectOf } from "../../wire/caller.ts";
import { StraitError } from "../../wire/errors.ts";
import { formatTime } from "../../wire/time.ts";
import type { SettingService } from "../settings/service.ts";
import { SigningKey } from "../tokens/signing-key.ts";
import type { SseToken } from "./schema.ts";

export interface SseTokenServiceDependencies {
  settings: SettingService;
}

const ISSUER = "strait:sse";
const LIFETIME_MS = 5 * 60_000;
const ACCEPTED = ["HS256", "HS384", "HS512"];
const CLAIMS = v.object({
  pid: v.string(),
  eid: v.optional(v.string()),
  scp: v.optional(v.array(v.string())),
});

/** Tokens for the address of a stream, because a browser cannot send headers with an `EventSource` [strait 1.2]. */
export class SseTokenService {
  readonly #context: StraitContext;
  readonly #key: SigningKey;

  constructor(context: StraitContext, { settings }: SseTokenServiceDependencies) {
    this.#context = context;
    this.#key = new SigningKey(context, settings);
  }

  /** Creates a token with the caller's read access to its project, valid for five minutes. */
  async mint(caller: Caller): Promise<SseToken> {
    // Loaded when the first stream needs it.
    const { SignJWT } = await import("jose");
    const now = this.#context.clock.now();
    const { environmentId, scopes } = caller;
    const pid = projectOf(caller);
    const claims = {
      pid,
      ...(environmentId === undefined ? {} : { eid: environmentId }),
      ...(scopes === undefined ? {} : { scp: [...scopes] }),
    };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuer(ISSUER)
      .setSubject(pid)
      .setIssuedAt(Math.floor(now / 1_000))
      .setExpirationTime(Math.floor((now + LIFETIME_MS) / 1_000))
      .sign(this.#key.get());
    return { token, expires_at: formatTime(now + LIFETIME_MS) };
  }

  /** Returns the caller of a request with this token. @throws StraitError 401 */
  async callerOf(token: string): Promise<Caller> {
    const key = this.#key.find();
    if (key === undefined) throw new StraitError(401, "invalid or expired SSE token");
    const { errors, jwtVerify } = await import("jose");
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: ISSUER,
        algorithms: ACCEPTED,
        requiredClaims: ["exp"],
        currentDate: new Date(this.#context.clock.now()),
      });
      const { pid, eid, scp } = v.parse(CLAIMS, payload);
      const scopes = scp === undefined ? undefined : new Set(scp);
      return { projectId: pid, environmentId: eid, actor: "sse", scopes, internal: false };
    } catch (error) {
      if (error instanceof errors.JOSEError || error instanceof v.ValiError) {
        throw new StraitError(401, "invalid or expired SSE token");
      }
      throw error;
    }
  }
}
