import { CODECS, type Codec } from "../../core/v2.ts";

/** Where this page's server is, and the token its link carries. */
export interface Place {
  /** The page's own address: everything else is relative to it. */
  base: URL;
  token: string;
  /** The only codec that is wanted, where the address names one: `&codec=pcm16`. */
  codec: Codec | undefined;
  /** False: plays as soon as it can, whatever the others hear: `&sync=off`. */
  sync: boolean;
}

export function placeOf(location: Location): Place {
  const base = new URL(location.href);
  const codec = CODECS.find((known) => known === base.searchParams.get("codec"));
  return {
    base,
    token: base.searchParams.get("token") ?? "",
    codec,
    sync: base.searchParams.get("sync") !== "off",
  };
}

/** The socket's address. */
export function socketUrl({ base, token }: Place): URL {
  const url = new URL("ws", base);
  url.searchParams.set("token", token);
  return url;
}
