import { z } from "zod";
import { BardcastError } from "../../core/errors.ts";
import { once } from "../../core/once.ts";
import type { Role } from "../transport/role.ts";
import { JoinCodes } from "./join-codes.ts";
import { LinkGenerations } from "./link-generations.ts";
import { sameText, signingKey } from "./secrets.ts";

/** The person a token lets in. */
export interface Claims {
  /** The player's id, `dm`, or a guest's (`observer:stream`). */
  player: string;
  role: Role;
  /** Seconds since the epoch, with fractions, by the clock of then: nothing depends on it. */
  issuedAt: number;
  /** Of the links of this person; see `LinkGenerations`. */
  generation?: string | undefined;
  /** Seconds since the epoch from which on it is void; undefined: it does not expire. */
  expiresAt?: number | undefined;
}

/** Names of the claims as in RFC 7519; `party`, `role` and `gen` are our own. */
const payloadSchema = z.lazy(() =>
  z.object({
    sub: z.string(),
    role: z.enum(["player", "dm", "observer", "service"]),
    party: z.string(),
    iat: z.number(),
    gen: z.string().optional(),
    exp: z.number().optional(),
  }),
);

/** With the first token: who only imports Bardcast waits for nothing of it. */
const jwt = once(() => import("hono/jwt"));
const ALGORITHM = "HS256";
const DM = "dm";
/** Who has the fixed key: a service that nobody can be invited as. */
const KEY_HOLDER = "service:(API key)";

/** Told whose links were made void. */
export type RevocationListener = (player: string) => void;

/**
 * The tokens in join links: signed (JWT, HMAC-SHA-256), for one person at one party, good until revoked.
 * A revocation holds as long as its generation is kept; a new secret ends every token.
 */
export class TokenKeeper {
  /** Short codes in the place of tokens. */
  readonly joinCodes: JoinCodes;
  readonly #secret: string;
  #key: Promise<string> | undefined;
  readonly #party: string;
  readonly #fixed: readonly { token: string; player: string; role: Role }[];
  readonly #generations: LinkGenerations;
  readonly #listeners = new Set<RevocationListener>();

  /**
   * @param secret who knows it can make tokens; one that could be guessed is made slow to guess
   * @param party id of the table; tokens of other tables are refused
   * @param options.dmToken a fixed token for the DM, beside signed ones; no revocation ends it
   * @param options.apiKey the same for a service
   * @param options.generations which links are good; by default a revocation holds as long as this object
   */
  constructor(
    secret: string,
    party: string,
    options: {
      dmToken?: string | undefined;
      apiKey?: string | undefined;
      generations?: LinkGenerations;
    } = {},
  ) {
    this.#secret = secret;
    this.#party = party;
    const { dmToken, apiKey } = options;
    this.#fixed = [
      ...(dmToken === undefined ? [] : [{ token: dmToken, player: DM, role: "dm" as const }]),
      ...(apiKey === undefined ? [] : [{ token: apiKey, player: KEY_HOLDER, role: "service" as const }]),
    ];
    this.#generations = options.generations ?? new LinkGenerations();
    this.joinCodes = new JoinCodes(this);
  }

  /**
   * A new token; older ones of the same person stay good.
   * @param options.expiresInS seconds for which it is good; by default until it is revoked
   */
  async issue(
    player: string,
    role: Role = "player",
    options: { expiresInS?: number | undefined } = {},
  ): Promise<string> {
    // What is revoked while the key is made is void.
    const gen = this.#generations.of(player);
    const [key, { sign }] = await Promise.all([this.#signingKey(), jwt()]);
    const claims = { sub: player, role, party: this.#party, iat: Date.now() / 1000 };
    const { expiresInS } = options;
    const exp = expiresInS === undefined ? {} : { exp: claims.iat + expiresInS };
    return sign({ ...claims, ...(gen === undefined ? {} : { gen }), ...exp }, key, ALGORITHM);
  }

  /** The DM's token. */
  issueDm(): Promise<string> {
    const fixed = this.#fixed.find(({ role }) => role === "dm");
    return fixed ? Promise.resolve(fixed.token) : this.issue(DM, "dm");
  }

  /**
   * What it finds is true at that moment: look again, with `isCurrent`, whenever something was waited for.
   * @throws BardcastError `unauthorized` where the token is missing, forged, revoked, expired or for another party
   */
  async verify(token: string | undefined): Promise<Claims> {
    if (!token) throw refused("a token is needed: open the link you were invited with");
    for (const { token: fixed, player, role } of this.#fixed) {
      if (await sameText(token, fixed))
        return { player, role, issuedAt: 0, generation: this.#generations.of(player) };
    }
    const [key, { verify }] = await Promise.all([this.#signingKey(), jwt()]);
    const payload = await verify(token, key, { alg: ALGORITHM, iat: false, exp: false }).catch(
      () => undefined,
    );
    const parsed = payloadSchema.safeParse(payload);
    if (!parsed.success || parsed.data.party !== this.#party) throw refused("this link is not valid here");
    const { sub, role, iat, gen, exp } = parsed.data;
    const claims: Claims = { player: sub, role, issuedAt: iat, generation: gen, expiresAt: exp };
    this.requireCurrent(claims);
    return claims;
  }

  /** The generation of somebody's links that is good; undefined where none was ever made void. */
  generationOf(player: string = DM): string | undefined {
    return this.#generations.of(player);
  }

  /** Bytes that follow from whose links those are, and from what signs them; by default the DM's. */
  async markOf(player: string = DM, generation?: string): Promise<Uint8Array> {
    // Who gives the DM another fixed token wants nobody in by the one before.
    const fixed = this.#fixed.find((each) => each.player === player && player === DM)?.token ?? "";
    const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
    const hmac = { name: "HMAC", hash: "SHA-256" };
    const secret = bytes(await this.#signingKey());
    const key = await crypto.subtle.importKey("raw", secret, hmac, false, ["sign"]);
    // Nothing that is signed as a token looks like it.
    const whose = ["join code", this.#party, player, generation ?? "", fixed].join("\n");
    return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes(whose)));
  }

  /** Whether what a token said is still so: neither time nor a revocation has ended it meanwhile. */
  isCurrent(claims: Claims): boolean {
    return !isExpired(claims) && this.#generations.isGood(claims.player, claims.generation);
  }

  /** @throws BardcastError `unauthorized` where time or a revocation has ended it meanwhile */
  requireCurrent(claims: Claims): void {
    if (isExpired(claims)) throw refused("this link has expired: ask for a new one");
    if (!this.isCurrent(claims)) throw refused("this link was replaced: ask for a new one");
  }

  /** Ends every token of a person that was issued so far. */
  revoke(player: string): void {
    this.#generations.renew(player);
    this.wasRevoked(player);
  }

  /** The same was done in another process, and is known here by now. */
  wasRevoked(player: string): void {
    for (const listener of this.#listeners) listener(player);
  }

  /** Calls `listener`, at once, whenever tokens were revoked, until the returned function is called. */
  onRevoked(listener: RevocationListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
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

function isExpired({ expiresAt = Infinity }: Claims): boolean {
  return Date.now() / 1000 >= expiresAt;
}

function refused(message: string): BardcastError {
  return new BardcastError("unauthorized", message);
}
