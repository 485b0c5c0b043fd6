import { CODECS, type Codec } from "../../core/protocol/v2.ts";

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

/**
 * Reads the address, and takes the token out of it: what stands there is seen on a shared screen, and copied by
 * who only means the page. The entry in the tab's history keeps it, so that the page can be loaded again.
 */
export function placeOf({ location, history }: Window): Place {
  const base = new URL(location.href);
  const codec = CODECS.find((known) => known === base.searchParams.get("codec"));
  const token = base.searchParams.get("token") ?? keptToken(history.state);
  base.searchParams.delete("token");
  if (token !== "") history.replaceState({ ...history.state, token }, "", base);
  return {
    base,
    token,
    codec,
    sync: base.searchParams.get("sync") !== "off",
  };
}

function keptToken(state: unknown): string {
  return typeof state === "object" && state !== null && "token" in state ? String(state.token) : "";
}

/** The socket's address. */
export function socketUrl({ base, token }: Place): URL {
  const url = new URL("ws", base);
  url.searchParams.set("token", token);
  return url;
}
