import type { Visit } from "./forwarded.ts";

/** Words that may stand in place of an origin. */
const WORDS = new Set(["*", "self"]);
/** A proxy may have left the port out, or have told that of a scheme which it did not tell. */
const UNTOLD_PORTS = new Set(["", "80", "443"]);

/**
 * Which pages may open a socket. A browser says where its page is from; whatever is no browser says nothing, and is let
 * in by its token alone. So is every page where nobody named any: no cookie lets anybody in, and a page that has a token
 * was given it.
 */
export class Origins {
  readonly #allowsAll: boolean;
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  /**
   * @param allowed origins: `self`, which is allowed whenever others are named, `https://site.example`, `null` of
   *   pages from a file, `*`; undefined: all
   * @param publicUrl where players reach the table, where that is fixed
   * @throws TypeError where one of them is no origin
   */
  constructor(allowed: readonly string[] = ["*"], publicUrl?: unknown) {
    this.#allowsAll = allowed.includes("*");
    this.#origins = new Set(allowed.filter((origin) => !WORDS.has(origin)).map(parseOrigin));
    this.#hosts = new Set(typeof publicUrl === "string" ? [new URL(publicUrl).host] : []);
  }

  /** Whether an origin was named itself, or all were; where a request has none, there is nothing to name. */
  lists(origin: string): boolean {
    return origin !== "" && (this.#allowsAll || this.#origins.has(origin));
  }

  /** Those that may show a page in theirs, as a policy names them (`frame-ancestors`). */
  get ancestors(): string[] {
    if (this.#allowsAll) return ["*"];
    // A policy has no word for pages from a file, nor for an IPv6 address.
    const nameable = [...this.#origins].filter((origin) => origin !== "null" && !origin.includes("["));
    return ["'self'", ...nameable];
  }

  /** @param origin as the request has it; undefined where it has none */
  allows(origin: string | undefined, { origin: own }: Pick<Visit, "origin">): boolean {
    if (origin === undefined || this.#allowsAll || this.#origins.has(origin)) return true;
    const from = URL.canParse(origin) ? new URL(origin) : undefined;
    return from !== undefined && (this.#hosts.has(from.host) || isSameHost(from, own));
  }
}

/**
 * The scheme is not looked at, which a proxy that ends TLS may not have told of; nor is the port where the proxy has
 * not told which one the page came from.
 */
function isSameHost(from: URL, own: URL): boolean {
  return from.host === own.host || (UNTOLD_PORTS.has(own.port) && from.hostname === own.hostname);
}

/** The origin as browsers write it, whatever the case and the port that its scheme has anyway. */
function parseOrigin(text: string): string {
  if (text === "null") return text;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined &&
    url.host !== "" &&
    url.username + url.password + url.search + url.hash === "" &&
    ["", "/"].includes(url.pathname);
  if (isPlain && !url.host.includes("*")) return `${url.protocol}//${url.host}`;
  throw new TypeError(
    `an origin is like https://site.example, each sub-domain by itself, or self, null or *, not "${text}"`,
  );
}
