import { sign, verify } from "hono/jwt";
import { z } from "zod";
import { BardcastError } from "../core/errors.ts";
import type { Role } from "./connection.ts";
import { signingKey } from "./secrets.ts";

/** Whom a token lets in. */
export interface Claims {
  /** The player's id, or `dm`. */
  player: string;
  role: Role;
  /** Seconds since the epoch, with fractions. */
  issuedAt: number;
}

/** Names of the claims as in RFC 7519; `party` and `role` are our own. */
const payloadSchema = z.object({
  sub: z.string(),
  role: z.enum(["player", "dm"]),
  party: z.string(),
  iat: z.number(),
});

const ALGORITHM = "HS256";
const DM = "dm";

/**
 * The tokens in join links: signed (JWT, HMAC-SHA-256), for one person at one party, good until revoked.
 * A revocation holds as long as this object; a new secret ends every token.
 */
export class TokenKeeper {
  readonly #secret: string;
  #key: Promise<string> | undefined;
  readonly #party: string;
  readonly #dmToken: string | undefined;
  readonly #revokedAt = new Map<string, number>();

  /**
   * @param secret who knows it can make tokens; one that could be guessed is made slow to guess
   * @param party id of the table; tokens of other tables are refused
   * @param options.dmToken a fixed token for the DM, beside signed ones
   */
  constructor(secret: string, party: string, options: { dmToken?: string | undefined } = {}) {
    this.#secret = secret;
    this.#party = party;
    this.#dmToken = options.dmToken;
  }

  /** A new token; older ones of the same person stay good. */
  async issue(player: string, role: Role = "player"): Promise<string> {
    // A token issued within the clock's resolution after a revocation must still be newer than it.
    const iat = Math.max(Date.now() / 1000, (this.#revokedAt.get(player) ?? 0) + 0.001);
    return sign({ sub: player, role, party: this.#party, iat }, await this.#signingKey(), ALGORITHM);
  }

  /** The DM's token. */
  issueDm(): Promise<string> {
    return this.#dmToken === undefined ? this.issue(DM, "dm") : Promise.resolve(this.#dmToken);
  }

  /** @throws BardcastError `unauthorized` where the token is missing, forged, revoked or for another party */
  async verify(token: string | undefined): Promise<Claims> {
    if (!token) throw refused("a token is needed: open the link you were invited with");
    if (this.#dmToken !== undefined && (await sameText(token, this.#dmToken))) {
      return { player: DM, role: "dm", issuedAt: 0 };
    }
    const key = await this.#signingKey();
    const payload = await verify(token, key, { alg: ALGORITHM, iat: false }).catch(() => undefined);
    const claims = payloadSchema.safeParse(payload);
    if (!claims.success || claims.data.party !== this.#party) throw refused("this link is not valid here");
    const { sub, role, iat } = claims.data;
    if (iat <= (this.#revokedAt.get(sub) ?? 0)) throw refused("this link was replaced: ask for a new one");
    return { player: sub, role, issuedAt: iat };
  }

  /** Ends every token of a person that was issued so far. */
  revoke(player: string): void {
    this.#revokedAt.set(player, Date.now() / 1000);
  }

  /** Made once, when it is needed; it may take a fifth of a second. */
  #signingKey(): Promise<string> {
    this.#key ??= signingKey(this.#secret, this.#party);
    return this.#key;
  }

  /** Ends the old tokens of a player and issues a new one. */
  refresh(player: string): Promise<string> {
    this.revoke(player);
    return this.issue(player);
  }
}

function refused(message: string): BardcastError {
  return new BardcastError("unauthorized", message);
}

/** Compares digests, so that the time taken tells nothing about the secret. */
async function sameText(a: string, b: string): Promise<boolean> {
  const digest = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [x, y] = await Promise.all([digest(a), digest(b)]);
  return x.every((byte, index) => byte === y[index]);
}
