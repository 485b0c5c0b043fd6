import { type Context, Hono } from "hono";
import type { Role } from "../party/connection.ts";
import type { Party } from "../party/party.ts";
import { notFound } from "./http-error.ts";

/** Scripts, WebAssembly and styles from here only; the one thing a page talks to is its own server. */
const PAGE_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self' ws: wss:; " +
    "img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

/** An asset whose name tells its contents never changes; the decoder is one, and large. */
const HASHED = /-[A-Z0-9]{8}\.js$/;

/** The DM's console, the players' page, and what they load. */
export function createPages(party: Party): Hono {
  const pages = new Hono();
  pages.get("/", (c) => {
    const { pathname, search } = new URL(c.req.url);
    // Relative, because only the browser knows what a proxy has taken from the path.
    const here = pathname.replace(/^.*\//, "");
    return c.redirect(`./${here === "" ? "" : `${here}/`}dm${search}`);
  });
  pages.get("/dm", async (c) => asset(c, "dm.html", await statusFor(party, "dm", c.req.query("token"))));
  pages.get("/play", async (c) =>
    asset(c, "play.html", await statusFor(party, "player", c.req.query("token"))),
  );
  pages.get("/assets/:name", (c) => asset(c, c.req.param("name")));
  return pages;
}

/** The page itself tells a person whose link is no good what to do; the status tells programs. */
async function statusFor(party: Party, role: Role, token: string | undefined): Promise<200 | 401 | 403> {
  try {
    const claims = await party.tokens.verify(token);
    return role === "dm" && claims.role !== "dm" ? 403 : 200;
  } catch {
    return 401;
  }
}

async function asset(c: Context, name: string, status: 200 | 401 | 403 = 200): Promise<Response> {
  const assets: Record<string, { type: string; body: string }> = (await import("../../web/assets.js"))
    .default;
  const found = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!found) throw notFound();
  const headers = { ...PAGE_HEADERS, "Content-Type": found.type };
  if (HASHED.test(name)) headers["Cache-Control"] = "public, max-age=31536000, immutable";
  return c.body(found.body, status, headers);
}
