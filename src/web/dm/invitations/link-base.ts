const ONLY_HERE = /^(?:localhost|127\.|\[::1\])/u;

/** An address without its last part. */
export function baseOf(link: string): string {
  return link.replace(/\/[^/]*$/u, "");
}

/** Whether other devices cannot open it. */
export function isOnlyHere(base: string): boolean {
  return ONLY_HERE.test(base.replace(/^https?:\/\//u, ""));
}

/** An address as people write it, made one that links can begin with; undefined where it is none. */
export function asBase(written: string): string | undefined {
  const address = written.trim();
  try {
    const url = new URL(/^https?:\/\//u.test(address) ? address : `http://${address}`);
    return url.hostname === "" ? undefined : `${url.origin}${url.pathname}`.replace(/\/+$/u, "");
  } catch {
    return undefined;
  }
}

/** The same link by another address. */
export function withBase(link: string, from: string, to: string): string {
  return `${to}${link.slice(from.length)}`;
}
