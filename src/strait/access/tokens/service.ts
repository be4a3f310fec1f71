import { createHmac } from "node:crypto";
import { RecentMap } from "../../../core/recent-map.ts";
import type { StraitContext } from "../../context.ts";
import type { RunRow } from "../../run/run.ts";
import type { RunService } from "../../run/service.ts";
import { StraitError } from "../../wire/errors.ts";
import type { SettingService } from "../settings/service.ts";
import { SigningKey } from "./signing-key.ts";

export interface TokenServiceDependencies {
  settings: SettingService;
  runs: RunService;
}

/** The claims of a valid run token: its run and attempt. */
export interface TokenHolder {
  runId: string;
  attempt: number;
  assignmentId: string | undefined;
}

/** The claims of a token that are checked. */
type TokenClaims = Readonly<Record<string, unknown>> & { readonly sub?: string; readonly exp?: number };

/** The least number of recent tokens that are kept. */
const MAX_KNOWN = 2_000;

const ISSUER = "strait:run-token";
const HEADER = { alg: "HS256", typ: "JWT" };
const ACCEPTED = ["HS256", "HS384", "HS512"];
/** How long a token is valid after the longest duration of its run. */
const GRACE_MS = 60_000;
const SCHEME = "Bearer ";

/** Run tokens, which authorize the executor of a run [strait 1.1]. */
export class TokenService {
  readonly #context: StraitContext;
  readonly #runs: RunService;
  readonly #key: SigningKey;
  /** The claims of tokens that this process has signed, by their texts: their signatures need no check. */
  readonly #minted = new RecentMap<string, TokenClaims>(MAX_KNOWN);

  constructor(context: StraitContext, dependencies: TokenServiceDependencies) {
    this.#context = context;
    this.#runs = dependencies.runs;
    this.#key = new SigningKey(context, dependencies.settings);
  }

  /**
   * Creates a token for the run's present attempt. It is valid until the latest start of the run, and from now on as long as
   * the run may take, so that a token created after a wait is valid for the work that follows.
   * @param timeoutSeconds how long the run may take
   */
  mint(run: RunRow, timeoutSeconds: number): string {
    const now = this.#context.clock.now();
    const startsAt = Math.max(now, run.scheduled_at ?? 0);
    const expiresAt = Math.max(run.expires_at ?? 0, startsAt + timeoutSeconds * 1_000 + GRACE_MS);
    const claims = {
      attempt: run.attempt,
      ...(run.assignment_id === null ? {} : { assignment_id: run.assignment_id }),
      iss: ISSUER,
      sub: run.id,
      iat: Math.floor(now / 1_000),
      exp: Math.floor(expiresAt / 1_000),
    };
    const token = sign(this.#key.get(), claims);
    this.#minted.set(token, claims);
    return token;
  }

  /**
   * All nine checks of a run token, in the real server's order.
   * @param authorization the header, `null` when absent
   * @param runId the run in the path
   * @throws StraitError 401, 403, 404 or 410
   */
  async verify(authorization: string | null, runId: string): Promise<TokenHolder> {
    if (authorization === null || !authorization.startsWith(SCHEME)) {
      throw new StraitError(401, "missing or invalid authorization header");
    }
    const claims = await this.#claims(authorization.slice(SCHEME.length));
    if (!claims.sub) throw new StraitError(401, "missing run ID in token");
    const { attempt, assignment_id: assignment } = claims;
    if (typeof attempt !== "number" || !Number.isInteger(attempt) || attempt <= 0) {
      throw new StraitError(401, "missing run attempt in token");
    }
    if (claims.sub !== runId) throw new StraitError(403, "token does not match run ID");
    const assignmentId = typeof assignment === "string" && assignment !== "" ? assignment : undefined;
    const holder = { runId, attempt, assignmentId };
    this.recheck(holder);
    return holder;
  }

  /** Checks 6 to 9 again: the run may have moved on while the body was read [strait 0.2]. */
  recheck(holder: TokenHolder): void {
    this.#runs.requireCurrent(holder.runId, holder.attempt, holder.assignmentId);
  }

  async #claims(token: string): Promise<TokenClaims> {
    const now = this.#context.clock.now();
    const minted = this.#minted.get(token);
    if (minted?.exp !== undefined && minted.exp > Math.floor(now / 1_000)) return minted;
    const key = this.#key.find();
    if (key === undefined) throw new StraitError(401, "invalid run token");
    // Loaded for the first token of another process, or the first that has expired.
    const { errors, jwtVerify } = await import("jose");
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: ISSUER,
        algorithms: ACCEPTED,
        requiredClaims: ["exp"],
        currentDate: new Date(now),
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) throw new StraitError(401, "invalid run token");
      throw error;
    }
  }
}

/**
 * A JSON Web Token. Made here because `jose` signs only asynchronously, and a token that is part of an answer
 * is made in the transaction that makes its run.
 */
function sign(key: Uint8Array, claims: Readonly<Record<string, unknown>>): string {
  const content = [HEADER, claims].map((part) => Buffer.from(JSON.stringify(part)).toString("base64url")).join(".");
  return `${content}.${createHmac("sha256", key).update(content).digest("base64url")}`;
}
