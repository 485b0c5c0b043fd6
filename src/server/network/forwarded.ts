import { Networks, plainAddress } from "./networks.ts";

/**
 * Whose word about a request is taken, where they forward it: `true` whoever connects, `false` nobody, or
 * addresses and networks (`"10.0.0.0/8"`, `"loopback"`, `"private"`).
 */
export type TrustProxy = boolean | readonly string[];

/** Facts about a request that come from the connection or its proxies. */
export interface Visit {
  /** Who asks: their IP address, where it is known. */
  address: string | undefined;
  /** Whether a proxy that is trusted, or this machine, asks and says nothing of anybody else. */
  isTrusted: boolean;
  /** Scheme, host and port as the client wrote them. */
  origin: URL;
  /** Path that a proxy has taken from the front, without a slash at its end. */
  prefix: string;
}

/** A proxy on this machine is there because its owner put it there. */
const DEFAULT_TRUST: TrustProxy = ["loopback"];

/** Reads what proxies say of a request (`X-Forwarded-*`, RFC 7239), where they are trusted. */
export class Forwarding {
  readonly #trustsEveryPeer: boolean;
  readonly #trusted: Networks;

  /** @throws TypeError where one of the networks is none */
  constructor(trust: TrustProxy = DEFAULT_TRUST) {
    this.#trustsEveryPeer = trust === true;
    this.#trusted = new Networks(typeof trust === "boolean" ? [] : trust);
  }

  /** @param peer address of whoever is connected */
  visit({ url, headers }: Request, peer: string | undefined): Visit {
    const own = new URL(url);
    const plainPeer = peer === undefined ? undefined : plainAddress(peer);
    const isTrusted = this.#trustsEveryPeer || (plainPeer !== undefined && this.#trusted.has(plainPeer));
    if (!isTrusted) return { address: plainPeer, isTrusted, origin: new URL(own.origin), prefix: "" };
    const hops = forwardedHops(headers.get("Forwarded"));
    const chain = listed(headers.get("X-Forwarded-For")) ?? hops.flatMap(({ for: client }) => client ?? []);
    const nearest = hops[0] ?? {};
    const scheme = listed(headers.get("X-Forwarded-Proto"))?.[0] ?? nearest.proto;
    const host = listed(headers.get("X-Forwarded-Host"))?.[0] ?? nearest.host;
    const forwarded = this.#clientOf(chain);
    return {
      address: forwarded ?? plainPeer,
      isTrusted: forwarded === undefined,
      origin: originOf(own, scheme, host),
      prefix: prefixOf(headers.get("X-Forwarded-Prefix")),
    };
  }

  /** The last that is not a trusted proxy itself: what stands before it may have been made up. */
  #clientOf(chain: readonly string[]): string | undefined {
    const addresses = chain.map(plainAddress);
    const last = addresses.findLastIndex((address) => address === undefined || !this.#trusted.has(address));
    return addresses[Math.max(last, 0)];
  }
}

function listed(header: string | null): string[] | undefined {
  return header === null ? undefined : header.split(",").map((part) => part.trim());
}

/** The elements of a `Forwarded` header, the client's first. */
function forwardedHops(header: string | null): Record<string, string>[] {
  const elements = header?.match(/(?:[^",]|"(?:\\.|[^"\\])*")+/g) ?? [];
  return elements.map((element) => {
    const pairs = element.matchAll(/([\w!#$%&'*+.^`|~-]+)=(?:"((?:\\.|[^"\\])*)"|([^;\s"]*))/g);
    return Object.fromEntries(
      [...pairs].map(([, name = "", quoted, bare = ""]) => [
        name.toLowerCase(),
        quoted?.replace(/\\(.)/g, "$1") ?? bare,
      ]),
    );
  });
}

function originOf(own: URL, scheme: string | undefined, host: string | undefined): URL {
  const protocol = /^(?:https?|wss?)$/i.test(scheme ?? "")
    ? scheme?.toLowerCase().replace("ws", "http")
    : undefined;
  const name = host !== undefined && /^[^\s/@?#\\]+$/.test(host) ? host : own.host;
  const text = `${protocol ?? own.protocol.replace(":", "")}://${name}`;
  return new URL(URL.canParse(text) ? text : own.origin);
}

/** Anything but a plain path is ignored, because it ends up in links. */
function prefixOf(header: string | null): string {
  const prefix = header?.split(",")[0]?.trim().replace(/\/+$/, "") ?? "";
  return /^(?:\/[\w.~!$&'()*+=:@%-]+)+$/.test(prefix) && !/\/\.\.?(?:\/|$)/.test(prefix) ? prefix : "";
}
