/** Digits of a code: those that nobody takes for one another. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
/** 60 bits: by asking a server, nobody finds one in a lifetime. */
const LENGTH = 12;

/** What makes tokens, and says when those of a person are void. */
export interface TokenSource {
  issue(player: string): Promise<string>;
  issueDm(): Promise<string>;
  onRevoked(listener: (player: string) => void): unknown;
}

/** Who comes by a code, and to which page. */
export interface Admission {
  page: "play" | "dm";
  token: string;
}

/**
 * Short codes in the place of tokens, for links that are printed, typed or drawn as a QR code. A code is good until its
 * person's links are made void, and as long as this process runs; who came by one has a token, which outlasts it.
 */
export class JoinCodes {
  readonly #tokens: TokenSource;
  /** One for each person who was given one; the DM is `undefined`. */
  readonly #people = new Map<string, string | undefined>();

  constructor(tokens: TokenSource) {
    this.#tokens = tokens;
    tokens.onRevoked((player) => this.#void(player));
  }

  /** The code of a player, or of the DM: the same one until it is void. */
  of(player?: string): string {
    for (const [code, person] of this.#people) if (person === player) return code;
    const code = Array.from(
      crypto.getRandomValues(new Uint8Array(LENGTH)),
      (byte) => DIGITS[byte % DIGITS.length],
    ).join("");
    this.#people.set(code, player);
    return code;
  }

  /** What lets in who comes by a code; undefined where there is none such. */
  async redeem(code: string): Promise<Admission | undefined> {
    const key = code.toLowerCase();
    if (!this.#people.has(key)) return undefined;
    const player = this.#people.get(key);
    return player === undefined
      ? { page: "dm", token: await this.#tokens.issueDm() }
      : { page: "play", token: await this.#tokens.issue(player) };
  }

  #void(player: string): void {
    for (const [code, person = "dm"] of this.#people) if (person === player) this.#people.delete(code);
  }
}
