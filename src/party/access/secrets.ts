import { BardcastError } from "../../core/errors.ts";
import { randomId } from "../../core/id.ts";

/** With fewer characters, or fewer different ones, anybody guesses it. */
const LEAST_CHARS = 6;
const LEAST_DIFFERENT = 3;
/** Secrets that are guessed first. */
const TRIED_FIRST =
  /^(?:0?123456\d*|qwert[yz]\w*|abc123|abcdef\w*|(?:pass(?:word|wort)|secret|changeme|letmein|bardcast|admin)\d{0,4}!?)$/i;
/** So many characters, so many of them different, are taken for random. */
const STRONG_CHARS = 32;
const STRONG_DIFFERENT = 10;
/** A fixed token can be tried only over the network. */
const STRONG_TOKEN_CHARS = 16;
/** Rounds of PBKDF2 with SHA-512 (OWASP, 2023): a fifth of a second of one core. */
const ROUNDS = 210_000;

const OPERATOR_KEY = "BARDCAST_OPERATOR_KEY";

export interface Secrets {
  secret?: string | undefined;
  dmToken?: string | undefined;
  apiKey?: string | undefined;
}

/**
 * Looks at what guards a table before anything is started.
 * @param log told of what can be guessed with some patience
 * @throws BardcastError `bad-request` where it can be guessed at once; neither message has it in it
 */
export function checkSecrets({ secret, dmToken, apiKey }: Secrets, log: (message: string) => void): void {
  if (secret !== undefined) {
    requireLeast("the secret that signs links", "BARDCAST_SECRET", secret);
    if (!isStrong(secret)) {
      log(
        `BARDCAST_SECRET can be guessed by whoever has a link, though slowly; ${example("BARDCAST_SECRET")}`,
      );
    }
  }
  if (dmToken !== undefined) checkToken("the DM's token", "BARDCAST_DM_TOKEN", dmToken, log);
  if (apiKey !== undefined) checkToken("the API key", "BARDCAST_API_KEY", apiKey, log);
  if (apiKey !== undefined && apiKey === dmToken)
    throw new BardcastError(
      "bad-request",
      "the API key is to be another one than the DM's token: it may do less",
    );
}

function checkToken(what: string, variable: string, token: string, log: (message: string) => void): void {
  requireLeast(what, variable, token);
  if (!/^[!-~]+(?: +[!-~]+)*$/.test(token)) {
    const message = `${what} (${variable}) has characters that no HTTP header takes`;
    throw new BardcastError("bad-request", `${message}; ${example(variable)}`);
  }
  if (token.length < STRONG_TOKEN_CHARS)
    log(`${variable} is short enough to be guessed; ${example(variable)}`);
}

/** @throws BardcastError `bad-request` where it can be guessed, or no header takes it */
export function checkOperatorKey(key: string): void {
  requireLeast("the operator's key", OPERATOR_KEY, key);
  if (key.length >= STRONG_TOKEN_CHARS && /^[!-~]+$/.test(key)) return;
  const message = `the operator's key (${OPERATOR_KEY}) is ${STRONG_TOKEN_CHARS} or more letters, digits and signs`;
  throw new BardcastError("bad-request", `${message}; ${example(OPERATOR_KEY)}`);
}

/**
 * The key that signs: a secret that is long and looks random itself, so that links signed with it stay good; of any
 * other one what a slow function makes of it, because a link is enough to try secrets without asking anybody.
 * The same secret always gives the same key.
 * @param party id of the table, so that guesses for one are of no use for another
 */
export async function signingKey(secret: string, party: string): Promise<string> {
  if (isStrong(secret)) return secret;
  const bytes = (text: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(text);
  const base = await crypto.subtle.importKey("raw", bytes(secret), "PBKDF2", false, ["deriveBits"]);
  const how = {
    name: "PBKDF2",
    hash: "SHA-512",
    salt: bytes(`bardcast links of ${party}`),
    iterations: ROUNDS,
  };
  const key = new Uint8Array(await crypto.subtle.deriveBits(how, base, 256));
  return Array.from(key, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Compares digests, so that the time taken tells nothing about the secret. */
export async function sameText(a: string, b: string): Promise<boolean> {
  const digest = async (text: string): Promise<Uint8Array> =>
    new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  const [x, y] = await Promise.all([digest(a), digest(b)]);
  return x.every((byte, index) => byte === y[index]);
}

function isStrong(secret: string): boolean {
  return secret.length >= STRONG_CHARS && new Set(secret).size >= STRONG_DIFFERENT;
}

function requireLeast(what: string, variable: string, text: string): void {
  const { length } = text.trim();
  const isGuessed = new Set(text.trim()).size < LEAST_DIFFERENT || TRIED_FIRST.test(text.trim());
  if (length >= LEAST_CHARS && !isGuessed) return;
  const fault = length === 0 ? "is empty" : "can be guessed at once";
  const least = `${LEAST_CHARS} characters are the least, 32 random ones are good`;
  throw new BardcastError("bad-request", `${what} (${variable}) ${fault}: ${least}; ${example(variable)}`);
}

function example(variable: string): string {
  return `one that cannot is ${variable}=${randomId()}, made just now`;
}
