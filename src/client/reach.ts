/** Why a table cannot be reached from a page, as far as a browser lets one know. @module bardcast/client/reach */

/**
 * `mixed-content`: a page of `https:` may not open a socket that is not encrypted. `local-network-denied`: the browser
 * was told not to let this page reach the local network. `local-network-prompt`: it was told neither, and may be asking. `origin-refused`: something answers there, and does not let this page in. `unreachable`: no answer, for a
 * reason that cannot be told apart from others.
 */
export type UnreachableCode =
  | "mixed-content"
  | "local-network-denied"
  | "local-network-prompt"
  | "origin-refused"
  | "unreachable";

/** What is in the way, and what to do about it. */
export interface Unreachable {
  code: UnreachableCode;
  message: string;
}

/** What is asked of a browser; each by default the global one. */
export interface ReachOptions {
  fetch?: (url: URL, init: RequestInit) => Promise<unknown>;
  permissions?: { query(of: { name: PermissionName }): Promise<{ state: PermissionState }> } | undefined;
  /** The page's own address. */
  page?: string | undefined;
  signal?: AbortSignal;
}

/** Who waits longer than that for an answer has none. */
const ANSWER_MS = 5_000;

const MESSAGES: Readonly<Record<UnreachableCode, string>> = {
  "mixed-content":
    "This page is encrypted and the table is not. Open the player's link itself, or have the table served over https.",
  "local-network-denied":
    "This browser does not let this page reach the local network. Allow it in the site's settings, to the left of the address, and load the page again.",
  "local-network-prompt":
    "The table is on the local network, and the browser may be asking whether this page may reach devices there. Allow it, and see that the table runs.",
  "origin-refused":
    "The table answers, but lets no page of this site in. Whoever runs it can name the site: --allow-origin.",
  unreachable:
    "The table does not answer. Is it running, is its address right, and is this device in the same network?",
};

/**
 * Finds out why there is no connection to a table. Ask once one has failed: it sends a request there. What cannot be told
 * apart: a table that is off, a wrong address, a firewall, a certificate that nobody knows, and a name that leads to the
 * local network where the browser does not let the page go.
 * @param table its address, with or without `/ws`
 */
export async function whyUnreachable(table: string | URL, options: ReachOptions = {}): Promise<Unreachable> {
  const { page = globalThis.location?.href ?? "", permissions = globalThis.navigator?.permissions } = options;
  const url = new URL(table);
  url.protocol = url.protocol.replace("ws", "http");
  url.search = "";
  const target = spaceOf(url);
  const from = URL.canParse(page) ? new URL(page) : undefined;
  // Only who goes to a more private place is asked about.
  const isAsked = from !== undefined && spaceOf(from) < target;
  const states = isAsked ? await statesOf(target, permissions) : [];
  const code = states.includes("denied")
    ? "local-network-denied"
    : (await answers(url, options))
      ? "origin-refused"
      : states.includes("prompt")
        ? "local-network-prompt"
        : from?.protocol === "https:" && url.protocol === "http:" && target !== SPACE.loopback
          ? "mixed-content"
          : "unreachable";
  return { code, message: MESSAGES[code] };
}

async function statesOf(
  target: number,
  permissions: ReachOptions["permissions"],
): Promise<(PermissionState | undefined)[]> {
  const names = [target === SPACE.loopback ? "loopback-network" : "local-network", "local-network-access"];
  const asked = names.map(async (name) => permissions?.query({ name: name as PermissionName }));
  // A browser that does not know it says so by throwing.
  return (await Promise.allSettled(asked)).map((each) =>
    each.status === "fulfilled" ? each.value?.state : undefined,
  );
}

/** Whether anything answers there, whoever it lets read the answer. */
async function answers(url: URL, { fetch: ask = fetch, signal }: ReachOptions): Promise<boolean> {
  const patience = AbortSignal.timeout(ANSWER_MS);
  try {
    await ask(url, {
      mode: "no-cors",
      cache: "no-store",
      credentials: "omit",
      signal: signal ? AbortSignal.any([signal, patience]) : patience,
    });
    return true;
  } catch {
    return false;
  }
}

/** How private an address is, as far as it shows. Of a name nobody knows where it leads. */
const SPACE = { elsewhere: 0, local: 1, loopback: 2 };

function spaceOf({ hostname }: URL): number {
  const host = hostname.replace(/^\[|\]$/g, "");
  if (/^127\.|^::1$|(^|\.)localhost$/.test(host)) return SPACE.loopback;
  const isLocal =
    /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|f[cd][\da-f]{2}:|fe[89ab][\da-f]:)|\.local$/;
  return isLocal.test(host) ? SPACE.local : SPACE.elsewhere;
}
