/** Digits of a code: those that nobody takes for one another. */
const DIGITS = "0123456789abcdefghjkmnpqrstvwxyz";
/** 60 bits: by asking a server, nobody finds one in a lifetime. */
const LENGTH = 12;
/** Codes that are remembered, so that each is made once: more than a table has people. */
const MAX_KNOWN = 4_096;

/** What makes tokens, and what codes follow from. */
export interface TokenSource {
  issue(player: string): Promise<string>;
  issueDm(): Promise<string>;
  /** The generation of somebody's links that is good; the DM is `undefined`. */
  generationOf(player?: string): string | undefined;
  /** Bytes that follow from whose links those are, and that nobody else can make. */
  markOf(player: string | undefined, generation: string | undefined): Promise<Uint8Array>;
}

/** Who comes by a code, and to which page. */
export interface Admission {
  page: "play" | "dm";
  token: string;
}

interface Code {
  code: string;
  /** Of the links in whose place it stands. */
  generation: string | undefined;
}

/**
 * Short codes in the place of tokens, for links that are printed, typed or drawn as a QR code. A code follows from what
 * signs the links, and from their generation: nothing of it is kept, and it is good exactly as long as they are, after a
 * restart as well.
 */
export class JoinCodes {
  readonly #source: TokenSource;
  /** The DM is `undefined`. */
  readonly #known = new Map<string | undefined, Code>();

  constructor(source: TokenSource) {
    this.#source = source;
  }

  /** The code of a player, or of the DM: the same one until it is void. */
  async of(player?: string): Promise<string> {
    return (await this.#codeOf(player)).code;
  }

  /** What lets in who comes by a code; undefined where it is nobody's. @param players who has a seat */
  async redeem(code: string, players: readonly string[]): Promise<Admission | undefined> {
    const key = code.toLowerCase();
    for (const player of [undefined, ...players]) {
      const own = await this.#codeOf(player);
      if (own.code !== key) continue;
      // It may have been made void meanwhile; a token is of the generation that is good when it is asked for.
      if (this.#source.generationOf(player) !== own.generation) return undefined;
      return player === undefined
        ? { page: "dm", token: await this.#source.issueDm() }
        : { page: "play", token: await this.#source.issue(player) };
    }
    return undefined;
  }

  async #codeOf(player: string | undefined): Promise<Code> {
    const generation = this.#source.generationOf(player);
    const known = this.#known.get(player);
    if (known && known.generation === generation) return known;
    const mark = await this.#source.markOf(player, generation);
    const digits = Array.from(mark.subarray(0, LENGTH), (byte) => DIGITS[byte % DIGITS.length]);
    const made = { code: digits.join(""), generation };
    if (this.#known.size >= MAX_KNOWN) this.#known.clear();
    this.#known.set(player, made);
    return made;
  }
}
