import type { Upgrade } from "./upgrade.ts";

const TIMEOUT_MS = 5_000;

/** Asks a server by plain HTTP; of the answer only the status matters. */
export type StatusFetch = (url: URL, init: RequestInit) => Promise<{ status: number }>;

/**
 * Why an upgrade failed, which a browser does not say; a plain request with the same token does. `refused`:
 * the token is no good; `there`: the server is well, but did not like the upgrade; `away`: anything else.
 */
export async function whyNot(
  { url, headers = {} }: Upgrade,
  fetchStatus: StatusFetch,
): Promise<"refused" | "there" | "away"> {
  const plain = new URL(url);
  plain.protocol = plain.protocol.replace("ws", "http");
  try {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const { status } = await fetchStatus(plain, { signal, headers, cache: "no-store" });
    if (status === 401 || status === 403) return "refused";
    return status < 500 ? "there" : "away";
  } catch {
    return "away";
  }
}
