import { type Context, Hono } from "hono";
import { BardcastError } from "../core/errors.ts";
import type { Party } from "../party/party.ts";
import { notFound } from "./http-error.ts";

/** Scripts and styles from here only; the one thing a page talks to is its own server. */
const PAGE_HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self' ws: wss:; " +
    "img-src 'self' data:; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

/** The DM's console, the players' page, and what they load. The token in the link opens them. */
export function createPages(party: Party): Hono {
  const pages = new Hono();
  pages.get("/", (c) => c.redirect(`./dm${new URL(c.req.url).search}`));
  pages.get("/dm", async (c) => {
    const claims = await party.tokens.verify(c.req.query("token"));
    if (claims.role !== "dm")
      throw new BardcastError("forbidden", "this link is a player's; open /play with it");
    return asset(c, "dm.html");
  });
  pages.get("/play", async (c) => {
    await party.tokens.verify(c.req.query("token"));
    return asset(c, "play.html");
  });
  pages.get("/assets/:name", (c) => asset(c, c.req.param("name")));
  return pages;
}

async function asset(c: Context, name: string): Promise<Response> {
  const { default: assets } = await import("../../web/assets.js");
  const found = Object.hasOwn(assets, name) ? assets[name] : undefined;
  if (!found) throw notFound();
  return c.body(found.body, 200, { ...PAGE_HEADERS, "Content-Type": found.type });
}
