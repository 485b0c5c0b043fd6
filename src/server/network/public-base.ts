import type { Visit } from "./forwarded.ts";

export type PublicUrl = string | ((requestUrl: URL) => string | undefined) | undefined;

/**
 * Where links begin that are given to others, without a slash at their end.
 * @param publicUrl as in `AppOptions`
 * @returns by who asks, and the path that the routes are mounted under
 * @throws TypeError where it is no address
 */
export function publicBase(publicUrl: PublicUrl): (visit: Visit, mount: string) => string {
  if (typeof publicUrl === "string") {
    const base = parsePublicUrl(publicUrl);
    return () => base;
  }
  return ({ origin, prefix }, mount) => (publicUrl?.(origin) ?? origin.origin) + prefix + mount;
}

/** The address without a slash at its end. @throws TypeError where it is none, or one with more than a path */
export function parsePublicUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain =
    url !== undefined && /^https?:$/.test(url.protocol) && url.username + url.search + url.hash === "";
  if (!isPlain) {
    throw new TypeError(
      `the public address is like https://party.example or http://10.0.0.2/table, not "${text}"`,
    );
  }
  return url.origin + url.pathname.replace(/\/+$/, "");
}
