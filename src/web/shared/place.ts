/** Where this page's server is, and the token its link carries. */
export interface Place {
  /** The page's own address: everything else is relative to it. */
  base: URL;
  token: string;
}

export function placeOf(location: Location): Place {
  const base = new URL(location.href);
  return { base, token: base.searchParams.get("token") ?? "" };
}

/** The socket's address. */
export function socketUrl({ base, token }: Place): URL {
  const url = new URL("ws", base);
  url.searchParams.set("token", token);
  return url;
}
