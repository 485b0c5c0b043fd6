import { type Context, Hono } from "hono";
import { fromBase64 } from "../../core/base64.ts";
import type { Party } from "../../party/party.ts";
import { hasRight, type Right } from "../../party/transport/role.ts";
import type { Visit } from "../network/forwarded.ts";
import type { Origins } from "../network/origins.ts";
import { readableByListeners } from "./cross-origin.ts";
import { notFound } from "./http-error.ts";
import { playManifest } from "./play-manifest.ts";
import { securePages } from "./security-headers.ts";

/** An asset whose name tells its contents never changes; the decoder is one, and large. */
const HASHED = /-[A-Z0-9]{8}\.js$/;

type Variables = { visit: Visit };

export interface PagesOptions {
  /** As in `AppOptions`. */
  publicUrl?: unknown;
  /** Which pages may listen, and so load what that takes. */
  origins: Origins;
  /** Sites that may show the players' page in theirs, as a policy names them; by default none. */
  ancestors?: readonly string[] | undefined;
}

/** The DM's console, the players' page, and what they load. */
export function createPages(
  party: Party,
  { publicUrl, origins, ancestors }: PagesOptions,
): Hono<{ Variables: Variables }> {
  const pages = new Hono<{ Variables: Variables }>();
  const shared = readableByListeners(origins);
  pages.get("/", (c) => c.redirect(consoleOf(c.get("visit"), new URL(c.req.url), publicUrl)));
  for (const path of ["/dm", "/assets/*"]) pages.use(path, securePages());
  pages.use("/play", securePages(ancestors));
  pages.use("/assets/*", shared);
  pages.get("/dm", async (c) => asset(c, "dm.html", await statusFor(party, "manage", c.req.query("token"))));
  pages.get("/play", async (c) =>
    asset(c, "play.html", await statusFor(party, "listen", c.req.query("token"))),
  );
  pages.get("/j/:code", async (c) => c.redirect(await pageOf(party, c.req.param("code"))));
  pages.get("/assets/:name", (c) => asset(c, c.req.param("name")));
  // Beside the page: a service worker is for what lies below it.
  pages.get("/play-worker.js", (c) => asset(c, "play-worker.js"));
  pages.get("/play.webmanifest", async (c) => {
    const token = c.req.query("token") ?? "";
    if ((await statusFor(party, "listen", token)) !== 200) throw notFound();
    c.header("Cache-Control", "no-store");
    return c.json(playManifest(token), 200, { "Content-Type": "application/manifest+json" });
  });
  return pages;
}

/**
 * The console's address for who asks for the table's own, with or without a slash at its end. By its path from
 * the root where that is known; a proxy that takes away a part of it and does not say so leaves only the way
 * from where the browser is.
 */
function consoleOf({ origin, prefix }: Visit, { pathname, search }: URL, publicUrl: unknown): string {
  const known = typeof publicUrl === "string" ? new URL(publicUrl) : undefined;
  if (known?.host === origin.host) return `${known.pathname.replace(/\/+$/, "")}/dm${search}`;
  if (prefix !== "") return `${prefix}${pathname.replace(/\/+$/, "")}/dm${search}`;
  const here = pathname.replace(/^.*\//, "");
  return `./${here === "" ? "" : `${here}/`}dm${search}`;
}

/**
 * Where a short link leads, from where it is, so that it need not be known what a proxy has taken away. A code that is
 * no good leads to the page that says so.
 */
async function pageOf(party: Party, code: string): Promise<string> {
  const admission = await party.tokens.joinCodes.redeem(code, party.players);
  return admission ? `../${admission.page}?token=${encodeURIComponent(admission.token)}` : "../play";
}

/** The page itself tells a person whose link is no good what to do; the status tells programs. */
async function statusFor(party: Party, right: Right, token: string | undefined): Promise<200 | 401 | 403> {
  try {
    const claims = await party.tokens.verify(token);
    return hasRight(claims.role, right) ? 200 : 403;
  } catch {
    return 401;
  }
}

async function asset(
  c: Context<{ Variables: Variables }>,
  name: string,
  status: 200 | 401 | 403 = 200,
): Promise<Response> {
  const { default: assets } = await import("../../../web/assets.js");
  const found = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!found) throw notFound();
  return c.body("body" in found ? found.body : fromBase64(found.base64), status, {
    "Content-Type": found.type,
    "Cache-Control": HASHED.test(name) ? "public, max-age=31536000, immutable" : "no-cache",
  });
}
